using System.Globalization;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Options;

/// <summary>
/// What one <c>--tune</c> asks for: <c>learning-rate:tensor</c>, <c>momentum:layer:constant</c>, <c>l2:input</c>, <c>inputs:0-9</c>.
/// </summary>
/// <param name="Name">The hyperparameter.</param>
/// <param name="Sharing">Who shares a value; meaningless for those of examples.</param>
/// <param name="IsPerStep">Whether a schedule has values for each step.</param>
/// <param name="Examples">The chosen examples, or null for all.</param>
internal sealed record TuneTarget(string Name, Sharing Sharing, bool IsPerStep, int[]? Examples)
{
    /// <summary>The hyperparameters that can be tuned.</summary>
    public static readonly string[] Names =
        ["learning-rate", "momentum", "initial-scale", "l2", "l1", "inputs", "targets", "example-weights"];

    // More than any training set has: a range is written out before it is compared with one.
    private const int MostExamples = 100_000_000;

    /// <summary>Reads one.</summary>
    /// <exception cref="UsageException">It makes no sense; the message says what would.</exception>
    public static TuneTarget Parse(string text)
    {
        string[] parts = text.Split(':');
        string name = Choice.Of("--tune", parts[0], Names.ToDictionary(known => known));
        if (name is "inputs" or "targets" or "example-weights")
            return parts.Length <= 2
                ? new(name, default, false, parts.Length == 1 || parts[1] == "all" ? null : Numbers(text, parts[1]))
                : throw new UsageException($"--tune {Quoted.Name(text)}: write {name}:all, or {name}:0-9,20 for chosen training examples.");
        bool isSchedule = name is "learning-rate" or "momentum";
        var sharing = parts.Length > 1 ? Choice.Of("--tune " + name, parts[1], HyperparameterFile.SharingNames) : Sharing.Tensor;
        if (parts.Length > (isSchedule ? 3 : 2))
            throw new UsageException(
                $"--tune {Quoted.Name(text)}: write {name}:tensor{(isSchedule ? " or " + name + ":tensor:constant" : "")}.");
        bool perStep = parts.Length < 3
            || Choice.Of("--tune " + name, parts[2], new Dictionary<string, bool> { ["per-step"] = true, ["constant"] = false });
        return new(name, sharing, perStep, null);
    }

    private static int[] Numbers(string text, string list) => [.. list.Split(',').SelectMany(range =>
    {
        string[] ends = range.Split('-');
        if (ends.Length > 2 || !TryNumber(ends[0], out int first) || !TryNumber(ends[^1], out int last) || last < first)
            throw new UsageException(
                $"--tune {Quoted.Name(text)}: {Quoted.Of(range)} is not an example or a range of examples. "
                    + "Write numbers and ranges, such as 0-9,20.");
        if (last - first >= MostExamples)
            throw new UsageException($"--tune {Quoted.Name(text)}: {Quoted.Of(range)} is more than {MostExamples} examples.");
        return Enumerable.Range(first, last - first + 1);
    })];

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
