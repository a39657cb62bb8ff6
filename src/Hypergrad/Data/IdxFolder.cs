using System.Text.RegularExpressions;
using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>Finds the pairs of image and label files in a folder, by the names that MNIST and its kin use.</summary>
internal static partial class IdxFolder
{
    /// <summary>
    /// The pairs in the folder, ordered by prefix. Where a file lies there both plain and packed, the plain one is taken.
    /// </summary>
    /// <exception cref="DataException">There is no such folder, no images in it, or images without labels.</exception>
    public static IReadOnlyList<IdxPair> FindPairs(string folder)
    {
        var names = NamesIn(folder);
        var pairs = new SortedDictionary<string, IdxPair>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            var match = ImagesName().Match(name);
            if (!match.Success || pairs.ContainsKey(match.Groups["prefix"].Value))
                continue;
            string prefix = match.Groups["prefix"].Value;
            string? labels = names.FirstOrDefault(other => LabelsName().Match(other) is { Success: true } found
                && found.Groups["prefix"].Value == prefix);
            if (labels is null)
                throw new DataException($"{folder}: {Quoted.Name(name)} has no labels: there should be a file "
                    + $"{prefix}{match.Groups["joint"].Value}labels-idx1-ubyte or "
                    + $"{prefix}{match.Groups["joint"].Value}labels-idx1-ubyte.gz beside it.");
            pairs.Add(prefix, new IdxPair(prefix, Path.Combine(folder, name), Path.Combine(folder, labels)));
        }
        if (pairs.Count == 0)
            throw new DataException($"{folder}: no images found: there should be files such as train-images-idx3-ubyte.gz and "
                + $"train-labels-idx1-ubyte.gz. The folder holds {(names.Count == 0 ? "no files" : Quoted.List(names))}.");
        return [.. pairs.Values];
    }

    private static List<string> NamesIn(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!Directory.Exists(folder))
            throw new DataException($"{folder}: there is no such folder.");
        try
        {
            // The ordinal order puts a plain file before the packed file of the same name.
            return [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{folder}: the folder cannot be read: {error.Message}", error);
        }
    }

    [GeneratedRegex(
        @"^(?<prefix>.*?)(?<joint>[-._]?)images[-._]idx\d-[a-z]+(\.gz)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ImagesName();

    [GeneratedRegex(
        @"^(?<prefix>.*?)(?<joint>[-._]?)labels[-._]idx1-[a-z]+(\.gz)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LabelsName();
}
