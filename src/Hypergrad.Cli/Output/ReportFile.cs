using System.Text.Json;
using Hypergrad.Cli.Reporting;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Output;

/// <summary>
/// report.json in a folder of results: all that report.html shows, as JSON, so that a page can be made again, or of several tunings.
/// </summary>
internal static class ReportFile
{
    /// <summary>Its name.</summary>
    public const string Name = "report.json";

    private const string Format = "hypergrad report 1";

    /// <summary>Writes it.</summary>
    public static void Write(Stream output, TuningReport report) =>
        JsonSerializer.Serialize(output, new ReportContent(Format, report), ReportJson.Default.ReportContent);

    /// <summary>Reads that of a folder of results.</summary>
    /// <exception cref="DataException">There is none, or it is damaged or of another version.</exception>
    public static TuningReport Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        if (!Directory.Exists(folder))
            throw new DataException($"There is no folder {Quoted.Path(folder)}.");
        if (!File.Exists(path))
            throw new DataException($"{Quoted.Path(folder)} has no {Name}: no tuning by this version has finished in it. "
                + "Name the folder that tune --out wrote, or tune again.");
        try
        {
            var content = JsonSerializer.Deserialize(File.ReadAllBytes(path), ReportJson.Default.ReportContent);
            return content?.Format == Format ? content.Report
                : throw new DataException($"{Quoted.Path(path)} is of the format {Quoted.Of(content?.Format ?? "")}, not \"{Format}\": "
                    + "it was written by another version. Tune again.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{Quoted.Path(path)} cannot be read: {Quoted.Message(exception.Message)}", exception);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException)
        {
            throw new DataException($"{Quoted.Path(path)} is damaged: {Quoted.Message(exception.Message)} Tune again.", exception);
        }
    }
}
