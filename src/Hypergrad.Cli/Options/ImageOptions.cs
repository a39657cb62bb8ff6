using System.CommandLine;
using Hypergrad.Data;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Options;

/// <summary>How a folder of pictures is read.</summary>
internal sealed class ImageOptions
{
    private readonly Option<string?> size = new("--image-size")
    {
        Description = "height and width to which the pictures of a folder are resized: 28x28; by default as they are",
    };

    private readonly Option<string> colours = new("--image-colours")
    {
        Description = "in which colours the pictures of a folder are read: auto (grey where all are), grey, rgb",
        DefaultValueFactory = _ => "auto",
        CompletionSources = { Choice.Names<ImageColours>().Keys.ToArray() },
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(size);
        command.Options.Add(colours);
    }

    /// <summary>What was asked for.</summary>
    public ImageFolderOptions Read(ParseResult parsed)
    {
        var options = new ImageFolderOptions
        {
            Colours = Choice.Of("--image-colours", parsed.GetValue(colours)!, Choice.Names<ImageColours>()),
        };
        if (parsed.GetValue(size) is not { } text)
            return options;
        string[] parts = text.Split('x');
        return parts.Length == 2 && NumberText.TryWhole(parts[0], out int height) && NumberText.TryWhole(parts[1], out int width)
            && height > 0 && width > 0
            ? options with { Height = height, Width = width }
            : throw new UsageException($"--image-size {Quoted.Name(text)}: write height and width in pixels, such as 28x28.");
    }
}
