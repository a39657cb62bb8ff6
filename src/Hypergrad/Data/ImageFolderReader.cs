using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>
/// Reads a folder of pictures, PNG or JPEG, in a folder for each class, which is called as the class. Pixels become numbers from 0 to 1.
/// Examples of the classes take turns, in the order of the files' names.
/// </summary>
public static class ImageFolderReader
{
    /// <summary>Whether a folder has folders with pictures in them.</summary>
    public static bool IsOne(string folder) => Directory.Exists(folder)
        && Directory.EnumerateDirectories(folder).Any(inner => Directory.EnumerateFiles(inner).Any(ImageFile.HasName));

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How; by default as the pictures are.</param>
    /// <exception cref="DataException">There is no such folder, it has fewer than two classes, a class without pictures, a picture that
    /// cannot be read, or pictures of several sizes, and none is asked for.</exception>
    /// <exception cref="ConfigurationException">A size that no picture has.</exception>
    /// <exception cref="MemoryException">There is more than memory can hold.</exception>
    public static Dataset Read(string folder, ImageFolderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        options ??= new ImageFolderOptions();
        if (options.Height is null != options.Width is null || options.Height < 1 || options.Width < 1)
            throw new ConfigurationException(
                $"Pictures of {options.Height} × {options.Width} pixels: give height and width, at least 1 each.");
        var (names, files) = Find(folder);
        var (height, width, channels) = Form(files, options);
        var inputs = Inputs(folder, files, height, width, channels);
        var targets = ClassNumbers.OneHot([.. files.Select(file => (double)file.Class)], names.Count, Quoted.Path(folder));
        return new(inputs, targets) { ImageWidth = width, ImageChannels = channels, ClassNames = names };
    }

    /// <summary>Whether a path is of a picture, or of a folder with pictures in it and no folders of pictures.</summary>
    public static bool IsWithoutClasses(string path) => File.Exists(path) ? ImageFile.HasName(path)
        : Directory.Exists(path) && !IsOne(path) && Directory.EnumerateFiles(path).Any(ImageFile.HasName);

    /// <summary>
    /// Reads a picture, or all pictures of a folder in the order of their names, without classes, as a model has learned to see them: in
    /// its size and colours.
    /// </summary>
    /// <param name="path">The picture or the folder.</param>
    /// <param name="encoding">What the model has learned of its pictures.</param>
    /// <returns>[pictures × pixels], not normalised.</returns>
    /// <exception cref="DataException">There is no picture, one cannot be read, or the model does not take pictures.</exception>
    /// <exception cref="MemoryException">There is more than memory can hold.</exception>
    public static Table ReadWithoutClasses(string path, DataEncoding encoding)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(encoding);
        if (encoding is not { ImageHeight: { } height, ImageWidth: { } width } || encoding.Columns is not null)
            throw new DataException($"{Quoted.Path(path)}: these are pictures, and what was learned from was none.");
        ImageFile[] files = File.Exists(path) ? [new ImageFile(path, 0)] : PicturesIn(path, 0);
        return Inputs(path, files, height, width, encoding.ImageChannels);
    }

    private static Table Inputs(string path, IReadOnlyList<ImageFile> files, int height, int width, int channels)
    {
        int size = Size(path, files.Count, (long)height * width * channels);
        var inputs = new float[files.Count * size];
        ImageResizing? resizing = null;
        for (int example = 0; example < files.Count; example++)
        {
            var picture = files[example].Read(channels);
            if (resizing?.IsOf(picture.Height, picture.Width) != true)
                resizing = new(picture.Height, picture.Width, height, width, channels);
            resizing.Apply(picture.Data, inputs.AsSpan(example * size, size));
        }
        return new Table(inputs, size, "input");
    }

    private static (IReadOnlyList<string> Names, IReadOnlyList<ImageFile> Files) Find(string folder)
    {
        string shown = Quoted.Path(folder);
        try
        {
            if (!Directory.Exists(folder))
                throw new DataException($"{shown}: there is no such folder.");
            string[] folders = [.. Directory.EnumerateDirectories(folder).Where(IsSeen).OrderBy(Path.GetFileName, StringComparer.Ordinal)];
            if (folders.Length < 2)
                throw new DataException($"{shown}: there must be a folder of pictures for each class, two or more; there are "
                    + $"{folders.Length}.");
            // The classes take turns, so that the first examples are of all of them.
            ImageFile[][] files = [.. folders.Select(PicturesIn)];
            return ([.. folders.Select(inner => Path.GetFileName(inner))], [.. files.SelectMany(each => each.Index())
                .OrderBy(file => file.Index).ThenBy(file => file.Item.Class).Select(file => file.Item)]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{shown}: the folder cannot be read: {error.Message}", error);
        }
    }

    private static ImageFile[] PicturesIn(string folder, int place)
    {
        ImageFile[] pictures = [.. Directory.EnumerateFiles(folder).Where(file => IsSeen(file) && ImageFile.HasName(file))
            .Order(StringComparer.Ordinal).Select(file => new ImageFile(file, place))];
        return pictures.Length > 0 ? pictures : throw new DataException($"{Quoted.Path(folder)}: there is no PNG or JPEG picture in the "
            + "folder of this class. Remove the folder, or name the one that has the folders of the classes.");
    }

    private static bool IsSeen(string path) => !Path.GetFileName(path).StartsWith('.');

    private static (int Height, int Width, int Channels) Form(IReadOnlyList<ImageFile> files, ImageFolderOptions options)
    {
        var (width, height, _) = files[0].ReadHeader();
        bool areGrey = true;
        foreach (var file in files)
        {
            var header = file.ReadHeader();
            areGrey &= header.IsGrey;
            if (options.Height is null && (header.Width, header.Height) != (width, height))
                throw new DataException($"{Quoted.Path(file.Path)}: the picture has {header.Height} × {header.Width} pixels, and "
                    + $"{Quoted.Path(files[0].Path)} has {height} × {width}. Resize them all with --image-size {height}x{width}.");
        }
        int channels = options.Colours switch { ImageColours.Grey => 1, ImageColours.Rgb => 3, _ => areGrey ? 1 : 3 };
        return (options.Height ?? height, options.Width ?? width, channels);
    }

    private static int Size(string folder, int count, long size)
    {
        MemoryLimit.Require((double)sizeof(float) * count * size, $"{Quoted.Path(folder)}: {count} pictures of {size} numbers",
            "Make them smaller with --image-size.");
        return count * size <= Array.MaxLength ? (int)size : throw new DataException(
            $"{Quoted.Path(folder)}: {count} pictures of {size} numbers are more than a table can hold. Make them smaller with "
                + "--image-size.");
    }
}
