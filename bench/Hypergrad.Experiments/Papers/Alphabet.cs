using Hypergrad.Data;

namespace Hypergrad.Experiments.Papers;

/// <summary>The characters of an alphabet, each drawn by several people.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pictures">[characters][drawers][side × side], 1 where there is ink and 0 where there is none.</param>
internal sealed record Alphabet(string Name, float[][][] Pictures)
{
    /// <summary>The same alphabet turned by a quarter, anticlockwise.</summary>
    public Alphabet Turned => new($"{Name}, turned", [.. Pictures.Select(drawers => drawers.Select(Turn).ToArray())]);

    /// <summary>Alphabets of a folder that has a folder for each, with a folder of pictures for each character, as Omniglot.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="count">How many alphabets, the first by their names.</param>
    /// <param name="side">To how many pixels a side the pictures are resized.</param>
    /// <exception cref="DataException">There is no such folder, or it has fewer alphabets.</exception>
    public static Alphabet[] Read(string folder, int count, int side)
    {
        if (!Directory.Exists(folder))
            throw new DataException($"{folder}: there is no such folder; give --alphabets one that has a folder for each alphabet.");
        string[] names = [.. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)];
        return names.Length < count
            ? throw new DataException($"{folder}: it has {names.Length} folders and the experiment takes {count} alphabets, each a folder "
                + "with a folder of pictures for each character.")
            : [.. names.Take(count).Select(name => ReadOne(name, side))];
    }

    private static Alphabet ReadOne(string folder, int side)
    {
        var data = ImageFolderReader.Read(folder, new() { Height = side, Width = side, Colours = ImageColours.Grey });
        var characters = data.ClassNames!.Select(_ => new List<float[]>()).ToArray();
        for (int example = 0; example < data.Count; example++)
        {
            var picture = new float[data.InputSize];
            data.Inputs.CopyRow<float>(example, picture);
            int character = Enumerable.Range(0, data.TargetSize).First(each => data.Targets[example, each] > 0.5);
            characters[character].Add([.. picture.Select(paper => 1 - paper)]);
        }
        return new(Path.GetFileName(folder).Replace('_', ' '), [.. characters.Select(drawers => drawers.ToArray())]);
    }

    private static float[] Turn(float[] picture)
    {
        int side = (int)Math.Sqrt(picture.Length);
        return [.. Enumerable.Range(0, picture.Length).Select(i => picture[i % side * side + side - 1 - i / side])];
    }
}
