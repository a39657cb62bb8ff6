using System.IO.Compression;
using Hypergrad.Files;
using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>
/// Reads NumPy's arrays: an NPZ archive (<c>numpy.savez</c>) of inputs and labels, or two NPY files. Inputs are [examples × …], bytes
/// become [0, 1] by division by 255; [examples × height × width] and [examples × height × width × channels] are pictures. Labels are
/// [examples] whole numbers, which are classes, or numbers to be met, [examples] or [examples × targets].
/// </summary>
public static class NumpyReader
{
    private const int MostClasses = 65_536, MostChannels = 4, MostNamed = 10;

    private static readonly string[] InputNames = ["x", "x_train", "inputs", "images", "data", "arr_0"];
    private static readonly string[] LabelNames = ["y", "y_train", "targets", "labels", "target", "arr_1"];

    /// <summary>Reads an archive; its inputs are called x, x_train, inputs, images, data or arr_0, its labels y, y_train, targets, labels,
    /// target or arr_1.</summary>
    /// <param name="path">The archive.</param>
    /// <exception cref="DataException">It is no archive, has not these arrays, or they do not fit together.</exception>
    /// <exception cref="MemoryException">There is more than memory can hold.</exception>
    public static Dataset ReadArchive(string path)
    {
        using var file = InputFile.Open(path);
        string name = file.Path;
        try
        {
            using var archive = new ZipArchive(file.Stream, ZipArchiveMode.Read);
            return Join(Array(archive, name, InputNames, "inputs"), Array(archive, name, LabelNames, "labels"));
        }
        catch (Exception error) when (error is InvalidDataException or IOException or NotSupportedException)
        {
            throw new DataException($"{name}: this is no NPZ archive, or it is damaged; numpy.savez writes one.", error);
        }
    }

    /// <summary>Reads a file of inputs and a file of labels.</summary>
    /// <exception cref="DataException">A file is no NPY file, or they do not fit together.</exception>
    /// <exception cref="MemoryException">There is more than memory can hold.</exception>
    public static Dataset Read(string inputsPath, string labelsPath) =>
        Join(Array(inputsPath), Array(labelsPath));

    /// <summary>Reads a file of inputs by itself, [examples × features]; bytes become [0, 1] by division by 255.</summary>
    /// <param name="path">The file: what is to be predicted.</param>
    /// <exception cref="DataException">It is no NPY file, or a number in it is not finite.</exception>
    /// <exception cref="MemoryException">There is more than memory can hold.</exception>
    public static Table ReadInputs(string path) => Array(path).ToTable();

    private static NpyArray Array(ZipArchive archive, string path, string[] names, string what)
    {
        var entry = names.Select(name => archive.Entries.FirstOrDefault(each =>
            string.Equals(each.FullName, name + ".npy", StringComparison.OrdinalIgnoreCase))).FirstOrDefault(each => each is not null)
            ?? throw new DataException($"{path}: there is no array of {what}: it is called {string.Join(", ", names)}. The archive has "
                + $"{Quoted.List([.. archive.Entries.Take(MostNamed).Select(each => each.FullName)])}.");
        string name = $"{path}/{Quoted.Name(entry.FullName)}";
        using var stream = entry.Open();
        return NpyArray.Read(name, stream);
    }

    private static NpyArray Array(string path)
    {
        using var file = InputFile.Open(path);
        return NpyArray.Read(file.Path, file.Stream);
    }

    private static Dataset Join(NpyArray inputs, NpyArray labels)
    {
        if (inputs.Shape[0] != labels.Shape[0])
            throw new DataException($"{inputs.Path} has {inputs.Shape[0]} examples and {labels.Path} has {labels.Shape[0]} labels: there "
                + "must be one label per example.");
        bool areClasses = labels.IsWhole && (labels.Shape.Length == 1 || labels.Length == labels.Shape[0]);
        var (width, channels) = Picture(inputs.Shape);
        var table = inputs.ToTable();
        if (!areClasses)
            return new(table, labels.ToTable()) { ImageWidth = width, ImageChannels = channels };
        var (targets, classes) = OneHot(labels);
        return new(table, targets) { ImageWidth = width, ImageChannels = channels, ClassNames = ClassNumbers.Names(classes) };
    }

    private static (int? Width, int Channels) Picture(int[] shape) => shape.Length switch
    {
        3 => (shape[2], 1),
        4 when shape[3] <= MostChannels => (shape[2], shape[3]),
        _ => (null, 1),
    };

    private static (Table Targets, int Classes) OneHot(NpyArray labels)
    {
        double[] values = labels.ToDouble();
        if (values.Any(value => value is < 0 or >= MostClasses))
            throw new DataException($"{labels.Path}: the labels go from {values.Min()} to {values.Max()}; classes go from 0 to "
                + $"{MostClasses - 1}. Numbers to be met are saved as floating-point numbers.");
        int classes = (int)values.Max() + 1;
        return classes > 1
            ? (ClassNumbers.OneHot(values, classes, labels.Path), classes)
            : throw new DataException($"{labels.Path}: every label is 0: a single class leaves nothing to learn.");
    }
}
