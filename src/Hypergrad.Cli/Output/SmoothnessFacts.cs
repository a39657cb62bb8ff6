using System.Globalization;
using System.Text.Json;
using Hypergrad.Backends;
using Hypergrad.MetaOptimization;
using Spectre.Console;

namespace Hypergrad.Cli.Output;

/// <summary>Metasmoothness where the tuning started and where it ended, for meta-steps of the size that was asked for.</summary>
internal sealed record SmoothnessFacts(Metasmoothness AtStart, Metasmoothness AsLearned)
{
    /// <summary>Both in a sentence.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture,
        $"Metasmoothness for steps of {AtStart.Step:G3}: {AtStart.Value:F2} at the start, {AsLearned.Value:F2} as learned "
        + $"(1: weights go on as they went; 0: they do not).");

    /// <summary>What a person is told where training is rough.</summary>
    public IEnumerable<string> Warnings
    {
        get
        {
            if (AtStart.Warning is { } before)
                yield return $"At the start: {before}";
            if (AsLearned.Warning is { } after)
                yield return $"As learned: {after}";
        }
    }

    /// <summary>Measures both.</summary>
    public static SmoothnessFacts Measure(TuningResult result, TuningFacts facts, IBackend backend, CancellationToken cancellation)
    {
        Metasmoothness Of(Runs.TrainingRun run) => Metasmoothness.Measure(
            run, facts.Options.MetaOptimizer.StepSize, backend: backend, precision: facts.Precision, cancellation: cancellation);
        return new(Of(result.Start), Of(result.Learned));
    }

    /// <summary>Shows it.</summary>
    public void Print(IAnsiConsole console)
    {
        console.WriteLine(Text);
        foreach (string warning in Warnings)
            console.WriteLine(warning);
    }

    /// <summary>Writes it into result.json.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("metasmoothness");
        json.WriteNumber("step", AtStart.Step);
        json.WriteNumber("atStart", AtStart.Value);
        json.WriteNumber("asLearned", AsLearned.Value);
        json.WriteEndObject();
    }
}
