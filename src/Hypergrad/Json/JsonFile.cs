using System.Text.Json;

namespace Hypergrad.Json;

/// <summary>Reads a JSON file so that every complaint names the file.</summary>
internal static class JsonFile
{
    /// <summary>Reads a file and makes something of its root.</summary>
    /// <exception cref="DataException">The file is missing, cannot be read, is not JSON, or what was made of it was refused.</exception>
    public static T Read<T>(string path, Func<JsonElement, T> make)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path))
            throw new DataException($"{path}: there is no such file.");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
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
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {exception.Message}", exception);
        }
    }
}
