using System.Text.Json;
using System.Text.Json.Serialization;
using Hypergrad.Files;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Baselines;

/// <summary>The trials so far, kept in the folder of the tuning, so that a baseline that was stopped goes on.</summary>
/// <param name="Format">The format and its version.</param>
/// <param name="Trials">The trials, in order.</param>
internal sealed record BaselineState(string Format, IReadOnlyList<BaselineTrial> Trials)
{
    private const string Name = "baseline.json", ThisFormat = "hypergrad baseline 1";

    /// <summary>Reads that of a folder; no trials where there is none.</summary>
    /// <exception cref="DataException">It is damaged.</exception>
    public static List<BaselineTrial> Load(OutputFolder? folder)
    {
        if (folder is null || !File.Exists(folder[Name]))
            return [];
        try
        {
            var state = JsonSerializer.Deserialize(File.ReadAllBytes(folder[Name]), BaselineJson.Default.BaselineState);
            if (state?.Format == ThisFormat && state.Trials.Select((trial, i) => trial.Number == i).All(isInOrder => isInOrder))
                return [.. state.Trials];
        }
        catch (JsonException)
        {
        }
        throw new DataException($"{Quoted.Path(folder[Name])} is damaged or of another version. Remove it to run the baseline anew.");
    }

    /// <summary>Puts the trials so far in place of those before.</summary>
    public static void Save(OutputFolder? folder, IReadOnlyList<BaselineTrial> trials) => folder?.Replace(Name, stream =>
        JsonSerializer.Serialize(stream, new BaselineState(ThisFormat, trials), BaselineJson.Default.BaselineState));

    /// <summary>Removes those of another tuning, which began in the folder before.</summary>
    public static void Remove(OutputFolder? folder)
    {
        if (folder is not null)
            File.Delete(folder[Name]);
    }
}

/// <summary>How a <see cref="BaselineState"/> becomes JSON and back.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BaselineState))]
internal sealed partial class BaselineJson : JsonSerializerContext;
