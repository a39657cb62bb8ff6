using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>Shows images in a grid under one colour bar, each pixel with sharp edges.</summary>
internal static class ImageGrid
{
    public static void Write(MarkupWriter markup, ImageGroup group)
    {
        var scale = ColourMap.ScaleOf(group);
        // Colours of the world need no scale to be read.
        if (group.Palette != ImagePalette.Colours) ColourBar.Write(markup, group.Quantity, group.Palette, scale);
        if (ColourMap.CountBeyond(group, scale) is > 0 and var beyond)
            markup.TextElement("p", $"{Numbers.Grouped(beyond)} {(beyond == 1 ? "pixel lies" : "pixels lie")} beyond the colour bar, "
                + "and have the colour of its end.", ("class", "reading"));
        using var grid = markup.Element("div", ("class", GridClass(group)));
        foreach (var image in group.Images) WriteTile(markup, group, image, scale);
    }

    private static string GridClass(ImageGroup group)
    {
        string size = group.Images.Count switch { <= 3 => "large", <= 12 => "medium", _ => "small" };
        return group.Images.Any(image => image.Before is not null) ? $"images {size} pairs" : $"images {size}";
    }

    private static void WriteTile(MarkupWriter markup, ImageGroup group, ReportImage image, AxisScale scale)
    {
        using var tile = markup.Element("figure", ("class", "tile"));
        using (markup.Element("div", ("class", "sides")))
        {
            if (image.Before is { } before) WriteImage(markup, group, image, scale, before, image.Caption + ", before");
            WriteImage(markup, group, image, scale, image.Values, image.Before is null ? image.Caption : image.Caption + ", after");
        }
        markup.TextElement("figcaption", image.Caption);
    }

    private static void WriteImage(
        MarkupWriter markup, ImageGroup group, ReportImage image, AxisScale scale, double[] values, string description)
    {
        using var picture = markup.Element("picture");
        if (ColourMap.DependsOnPage(group.Palette))
            markup.EmptyElement("source", ("srcset", Paint(onDark: true)), ("media", "screen and (prefers-color-scheme: dark)"));
        markup.EmptyElement("img", ("src", Paint(onDark: false)),
            ("width", Numbers.Integer(image.Width)), ("height", Numbers.Integer(image.Height)), ("alt", $"{group.Title}: {description}"));

        string Paint(bool onDark) => Png.DataUri(image.Width, image.Height, ColourMap.Paint(group.Palette, scale, values, onDark));
    }
}
