using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting;

/// <summary>
/// One HTML page that needs nothing beside it: no script, no font, no image, no network. It is well-formed XML too.
/// </summary>
internal static class Page
{
    /// <summary>Forbids the page to load anything, so that a name in a dataset can never make it do so.</summary>
    private const string Policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

    /// <summary>Writes a page; the text is to be encoded as UTF-8.</summary>
    /// <param name="output">Where to write.</param>
    /// <param name="title">The title of the window.</param>
    /// <param name="writeBody">Writes what is on the page.</param>
    public static void Write(TextWriter output, string title, Action<MarkupWriter> writeBody)
    {
        var markup = new MarkupWriter(output);
        markup.Verbatim("<!DOCTYPE html>\n");
        using (markup.Element("html", ("lang", "en"), ("xmlns", "http://www.w3.org/1999/xhtml")))
        {
            WriteHead(markup, title);
            using (markup.Element("body"))
            using (markup.Element("main")) writeBody(markup);
        }
        markup.NewLine();
    }

    private static void WriteHead(MarkupWriter markup, string title)
    {
        using var head = markup.Element("head");
        markup.EmptyElement("meta", ("charset", "utf-8"));
        markup.EmptyElement("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy));
        markup.EmptyElement("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        markup.EmptyElement("meta", ("name", "color-scheme"), ("content", "light dark"));
        markup.TextElement("title", title + " · Hypergrad");
        using (markup.Element("style")) markup.Verbatim(Stylesheet.Text);
    }
}
