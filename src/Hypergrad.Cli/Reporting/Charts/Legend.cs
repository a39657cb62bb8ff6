using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>The names of curves beside a sample of their stroke, for drawings too narrow to carry the names themselves.</summary>
internal static class Legend
{
    /// <param name="markup">Where to write.</param>
    /// <param name="series">The curves.</param>
    /// <param name="always">Whether wide pages show it too.</param>
    public static void Write(MarkupWriter markup, IReadOnlyList<ChartSeries> series, bool always = false)
    {
        if (series.Count < 2) return;
        using var list = markup.Element("ul", ("class", always ? "legend" : "legend narrow"));
        foreach (var one in series)
        {
            using var item = markup.Element("li");
            using (markup.Element("svg", ("viewBox", "0 0 28 12"), ("width", "28"), ("height", "12"), ("aria-hidden", "true")))
            {
                if (one.IsUnconnected) markup.EmptyElement("path", ("d", "M14 6h0"), ("class", "dots " + one.StyleClass));
                else markup.EmptyElement("path", ("d", "M1 6H27"), ("class", "line " + one.StyleClass));
            }
            markup.Text(" " + one.Name);
        }
    }
}
