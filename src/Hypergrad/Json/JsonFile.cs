using System.Text.Json;
using Hypergrad.Files;
using Hypergrad.Wording;

namespace Hypergrad.Json;

/// <summary>Reads a JSON file so that every complaint names the file.</summary>
internal static class JsonFile
{
    /// <summary>Reads a file and makes something of its root.</summary>
    /// <exception cref="MemoryException">There is more than memory can hold.</exception>
    /// <exception cref="DataException">The file is missing, cannot be read, is not JSON, or what was made of it was refused.</exception>
    public static T Read<T>(string path, Func<JsonElement, T> make)
    {
        ArgumentNullException.ThrowIfNull(path);
        var content = InputFile.ReadAll(path);
        path = Quoted.Path(path);
        try
        {
            using var document = JsonDocument.Parse(content);
            return make(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new DataException($"{path} is not valid JSON: {exception.Message}", exception);
        }
        catch (InvalidOperationException exception)
        {
            // A name or a text in it is not well-formed Unicode.
            throw new DataException($"{path} is not valid JSON: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is DataException or ConfigurationException)
        {
            throw new DataException($"{path}: {exception.Message}", exception);
        }
    }
}
