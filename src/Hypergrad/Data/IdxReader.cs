using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>
/// Reads images and labels in the IDX format of the MNIST database, plain or gzip (told apart by content, not by name). Bytes become [0,
/// 1] by division by 255, in single precision; elements of the other types keep their values, 32-bit integers and doubles in double
/// precision, the others in single. Labels become one-hot targets over the largest label + 1 classes, named "0", "1", …
/// </summary>
public static class IdxReader
{
    private const int MostClasses = 65_536;

    /// <summary>Reads one file of images, [count × height × width] or [count × features], and the file of their labels, [count].</summary>
    /// <param name="imagesPath">The images. With three dimensions the dataset knows the picture's width; further dimensions are
    /// flattened.</param>
    /// <param name="labelsPath">The labels: integers from 0.</param>
    /// <exception cref="DataException">
    /// A file is missing, empty, truncated, too long or no IDX file; the counts or ranks do not fit; a number is not finite; a label is
    /// negative.
    /// </exception>
    public static Dataset Read(string imagesPath, string labelsPath)
    {
        var images = IdxFile.Read(imagesPath);
        var labels = IdxFile.Read(labelsPath);
        if (images.Sizes.Length < 2)
            throw new DataException($"{imagesPath}: images have 2 dimensions or more, [count × height × width]; this file has 1"
                + $"{(labels.Sizes.Length > 1 ? ": are images and labels swapped?" : ", as labels have.")}");
        if (labels.Sizes.Length != 1)
            throw new DataException($"{labelsPath}: labels have 1 dimension, [count]; this file has {labels.Sizes.Length}, as images "
                + "have.");
        if (images.Sizes[0] != labels.Sizes[0])
            throw new DataException($"{imagesPath} has {images.Sizes[0]} images and {labelsPath} has {labels.Sizes[0]} labels: "
                + "there must be one label per image; are the two files of one set?");
        var (targets, classes) = OneHot(labels);
        return new Dataset(Inputs(images), targets)
        {
            ImageWidth = images.Sizes.Length == 3 ? images.Sizes[2] : null,
            ClassNames = ClassNumbers.Names(classes),
        };
    }

    /// <summary>
    /// Reads the images and labels of a folder, found by names such as <c>train-images-idx3-ubyte.gz</c> and
    /// <c>train-labels-idx1-ubyte.gz</c>. Where the folder holds several pairs, the one whose prefix is "train" or ends so is read, and
    /// the others are left alone: they are the test sets that judge, and mixing them into what is trained on would spoil them. They are
    /// read by naming their prefix.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="prefix">Which pair: "train", "t10k"; null for the only one, or the training pair.</param>
    /// <exception cref="DataException">Nothing found, images without labels, or no telling which pair is meant; or as
    /// <see cref="Read"/>.</exception>
    public static Dataset ReadDirectory(string folder, string? prefix = null)
    {
        var pairs = FindPairs(folder);
        var candidates = pairs.Count == 1 && prefix is null
            ? pairs
            : [.. pairs.Where(pair => prefix is null ? pair.Prefix.EndsWith("train", StringComparison.OrdinalIgnoreCase)
                : pair.Prefix == prefix)];
        if (candidates.Count != 1)
        {
            string list = string.Join(", ", pairs.Select(pair => Quoted.Of(pair.Prefix)).Take(20));
            throw new DataException(prefix is null
                ? $"{folder}: there are {pairs.Count} pairs of images and labels; say which is meant by its prefix: {list}."
                : $"{folder}: there are no images with the prefix {Quoted.Of(prefix)}; there are {list}.");
        }
        return Read(candidates[0].ImagesPath, candidates[0].LabelsPath);
    }

    /// <summary>
    /// The pairs of image and label files in a folder, ordered by prefix. A file that is there plain and packed counts once.
    /// </summary>
    /// <exception cref="DataException">There is no such folder, no images in it, or images without labels.</exception>
    public static IReadOnlyList<IdxPair> FindPairs(string folder) => IdxFolder.FindPairs(folder);

    private static Table Inputs(IdxFile images)
    {
        try
        {
            return images.Element is IdxElement.Integer or IdxElement.Double
                ? new Table(images.ToDouble(), images.ElementsPerExample, "input")
                : new Table(images.ToSingle(images.Element == IdxElement.UnsignedByte ? 255 : 1), images.ElementsPerExample, "input");
        }
        catch (DataException error)
        {
            throw new DataException($"{images.Path}: {error.Message}", error);
        }
    }

    private static (Table Targets, int Classes) OneHot(IdxFile labels)
    {
        if (labels.Element is IdxElement.Single or IdxElement.Double)
            throw new DataException($"{labels.Path}: labels are integers; this file has floating-point numbers.");
        var values = labels.ToDouble();
        int largest = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is < 0 or >= MostClasses)
                throw new DataException($"{labels.Path}: the label of example {i} is {values[i]}; labels go from 0 to {MostClasses - 1}.");
            largest = Math.Max(largest, (int)values[i]);
        }
        if (largest == 0)
            throw new DataException($"{labels.Path}: every label is 0: a single class leaves nothing to learn.");
        return (ClassNumbers.OneHot(values, largest + 1, labels.Path), largest + 1);
    }
}
