using System.Text.Json;
using Hypergrad.Json;

namespace Hypergrad.RunFormat;

/// <summary>Reads explicit runs of either format (docs/run-format.md).</summary>
public static class ExplicitRunReader
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="DataException">The file is missing or is not such a run; the message names the file and the JSON path.</exception>
    public static ExplicitRun Read(string path) => JsonFile.Read(path, Read);

    /// <summary>Reads a JSON object.</summary>
    /// <exception cref="DataException">It is not such a run; the message names the JSON path.</exception>
    /// <exception cref="ConfigurationException">It is one that makes no sense.</exception>
    public static ExplicitRun Read(JsonElement root)
    {
        var file = new JsonValue(root, "$");
        return file.Optional("format") is not { } format ? Format1.Read(file)
            : format.Integer() == 2 ? Format2.Read(file)
            : throw new DataException($"$.format: there is no format {format.Integer()}; it is 2, or is left out for the first one.");
    }
}
