using System.Globalization;
using Hypergrad.Data;

namespace Hypergrad.Experiments.Running;

/// <summary>What an experiment works with: its size, its seed, its data, and a place to say how far it is.</summary>
/// <param name="Size">How large.</param>
/// <param name="Seed">The seed of data, weights, minibatches and random search.</param>
/// <param name="DataFolder">A folder of IDX files, or null for generated digits.</param>
/// <param name="Progress">Where progress is told.</param>
internal sealed record Laboratory(Size Size, ulong Seed, string? DataFolder, TextWriter Progress)
{
    /// <summary>What the images are, for pages.</summary>
    public string DataName => DataFolder is null ? "generated digits" : "the images of the folder given by --data";

    /// <summary>A folder of alphabets such as Omniglot's, or null for generated ones.</summary>
    public string? AlphabetFolder { get; init; }

    /// <summary>What the alphabets are, for pages.</summary>
    public string AlphabetsName => AlphabetFolder is null ? "generated alphabets" : "the alphabets of the folder given by --alphabets";

    /// <summary>The value for the experiment's size.</summary>
    public T Pick<T>(T tiny, T quick, T full) => Size switch { Size.Tiny => tiny, Size.Quick => quick, _ => full };

    /// <summary>Images of digits with their labels, split at random.</summary>
    /// <param name="train">Training examples.</param>
    /// <param name="validation">Validation examples, which guide.</param>
    /// <param name="test">Test examples, which judge; at least 1.</param>
    /// <exception cref="DataException">The folder is missing or holds no images.</exception>
    /// <exception cref="ConfigurationException">It holds fewer images than that.</exception>
    public (Dataset Train, Dataset Validation, Dataset Test) Images(int train, int validation, int test)
    {
        var data = DataFolder is null ? Digits.Generate(train + validation + test, Seed) : IdxReader.ReadDirectory(DataFolder);
        var split = data.Split(train, validation, test, Seed);
        return (split.Train, split.Validation, split.Test!);
    }

    /// <summary>Tells how far the experiment is.</summary>
    public void Say(FormattableString text) => Progress.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
