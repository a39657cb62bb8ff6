using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>Opens a part of the page under a heading, with a sentence that says how to read it.</summary>
internal static class Section
{
    public static MarkupWriter.OpenElement Open(MarkupWriter markup, string identifier, string heading, string? explanation = null)
    {
        markup.NewLine();
        var section = markup.Element("section", ("id", identifier));
        markup.TextElement("h2", heading);
        if (explanation is not null) markup.TextElement("p", explanation, ("class", "explanation"));
        return section;
    }
}
