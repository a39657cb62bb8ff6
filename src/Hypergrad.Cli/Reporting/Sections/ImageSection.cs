using Hypergrad.Cli.Reporting.Charts;
using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>Hyperparameters that belong to pixels, as images, with their numbers.</summary>
internal static class ImageSection
{
    private const int MostNumbers = 20_000;

    public static void Write(MarkupWriter markup, string identifier, string heading, TuningReport report)
    {
        using var section = Section.Open(markup, identifier, heading, "All images under one colour bar share its scale.");
        foreach (var group in report.Images.Where(g => g.Images.Count > 0))
        {
            using var figure = markup.Element("figure");
            using (markup.Element("figcaption"))
            {
                markup.TextElement("h3", group.Title);
                if (group.Images.Any(image => image.Before is not null))
                    markup.TextElement("p", "Left of each pair: before tuning. Right: after.");
            }
            ImageGrid.Write(markup, group);
            WriteSummaries(markup, group);
            WritePixels(markup, group, report.NumbersFile);
        }
    }

    private static void WriteSummaries(MarkupWriter markup, ImageGroup group)
    {
        var rows = new List<string[]>();
        foreach (var image in group.Images)
        {
            if (image.Before is { } before) rows.Add(Summary(image.Caption + ", before", before));
            rows.Add(Summary(image.Before is null ? image.Caption : image.Caption + ", after", image.Values));
        }
        NumberTable.Write(markup, $"Numbers: {group.Title}, per image",
            ["image", "lowest", "lower quartile", "median", "upper quartile", "highest"], rows);
    }

    private static string[] Summary(string name, double[] values) =>
        [name, .. new[] { 0, 0.25, 0.5, 0.75, 1 }.Select(order => Numbers.Significant(Quantiles.Of(values, order)))];

    private static void WritePixels(MarkupWriter markup, ImageGroup group, string? numbersFile)
    {
        long count = group.Images.Sum(image => (long)image.Values.Length + (image.Before?.Length ?? 0));
        if (count > MostNumbers)
        {
            if (numbersFile is not null)
                markup.TextElement("p", $"The {Numbers.Grouped(count)} pixels are in {numbersFile}.", ("class", "reading"));
            return;
        }
        using var details = markup.Element("details");
        markup.TextElement("summary", $"Numbers: {group.Title}, per pixel");
        foreach (var image in group.Images)
        {
            if (image.Before is { } before) WriteRows(markup, image.Caption + ", before", image.Width * image.Channels, before);
            WriteRows(markup, image.Caption, image.Width * image.Channels, image.Values);
        }
    }

    private static void WriteRows(MarkupWriter markup, string caption, int width, double[] values)
    {
        markup.TextElement("h4", caption);
        using var rows = markup.Element("pre", ("class", "scroller"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption));
        for (int start = 0; start < values.Length; start += width)
        {
            markup.Text(string.Join('\t', values.Skip(start).Take(width).Select(Numbers.Significant)));
            markup.NewLine();
        }
    }
}
