using System.Text;

namespace Hypergrad.Cli.Reporting.Markup;

/// <summary>
/// Writes HTML and SVG that are well-formed XML too: elements close in the order they opened and all text is escaped.
/// </summary>
internal sealed class MarkupWriter(TextWriter output)
{
    /// <summary>Opens an element; disposing what is returned closes it.</summary>
    public OpenElement Element(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(name, attributes);
        output.Write('>');
        return new(output, name);
    }

    /// <summary>Writes an element that holds only text.</summary>
    public void TextElement(string name, string text, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        using (Element(name, attributes)) Text(text);
    }

    /// <summary>Writes an element without content: a void element of HTML or a shape of SVG.</summary>
    public void EmptyElement(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(name, attributes);
        output.Write("/>");
    }

    public void Text(string text) => output.Write(Escape(text));

    /// <summary>Writes text that is known to be safe, such as the style sheet.</summary>
    public void Verbatim(string text) => output.Write(text);

    public void NewLine() => output.Write('\n');

    private void Start(string name, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        output.Write('<');
        output.Write(name);
        foreach (var (attribute, value) in attributes)
        {
            output.Write(' ');
            output.Write(attribute);
            output.Write("=\"");
            output.Write(Escape(value));
            output.Write('"');
        }
    }

    /// <summary>Text as it may stand in an element or an attribute. Characters that XML does not allow become U+FFFD.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '&': escaped.Append("&amp;"); break;
                case '<': escaped.Append("&lt;"); break;
                case '>': escaped.Append("&gt;"); break;
                case '"': escaped.Append("&quot;"); break;
                case '\'': escaped.Append("&#39;"); break;
                case '\t' or '\n' or '\r': escaped.Append((char)rune.Value); break;
                case < 0x20 or 0x7F or 0xFFFE or 0xFFFF: escaped.Append('\uFFFD'); break;
                default: escaped.Append(rune.ToString()); break;
            }
        }
        return escaped.ToString();
    }

    /// <summary>An element that is open until this is disposed.</summary>
    public readonly ref struct OpenElement(TextWriter output, string name)
    {
        public void Dispose()
        {
            output.Write("</");
            output.Write(name);
            output.Write('>');
        }
    }
}
