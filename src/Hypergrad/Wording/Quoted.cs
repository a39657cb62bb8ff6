using System.Globalization;
using System.Text;

namespace Hypergrad.Wording;

/// <summary>
/// Makes what a file or a user wrote fit to stand in a message or on a terminal: control characters, escape sequences and whatever else
/// cannot be seen are written out (<c>\n</c>, <c>\u001B</c>), and what is long is cut, with its length.
/// </summary>
public static class Quoted
{
    private const int LongestQuote = 60, LongestPath = 500, LongestMessage = 4000, MostNames = 20;

    /// <summary>Text in quotes: <c>"abc"</c>, or <c>"aaa…" (1000000 characters)</c>.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Cut(text, LongestQuote, "\"", "\"");
    }

    /// <summary>Text without quotes, for names that stand by themselves: classes, columns, values of options.</summary>
    public static string Name(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Cut(text, LongestQuote, "", "");
    }

    /// <summary>The path of a file, which is cut only where no person would read on.</summary>
    public static string Path(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Cut(path, LongestPath, "", "");
    }

    /// <summary>The first of some names, joined by commas, and how many more there are.</summary>
    public static string List(IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return string.Join(", ", names.Take(MostNames).Select(Name))
            + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");
    }

    /// <summary>A whole message: one line of bounded length, whatever it was made from.</summary>
    public static string Message(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Cut(message, LongestMessage, "", "");
    }

    private static string Cut(string text, int longest, string open, string close)
    {
        bool whole = text.Length <= longest;
        if (whole && !text.Any(IsSuspect))
            return $"{open}{text}{close}";
        var visible = new StringBuilder(open);
        foreach (var rune in text.AsSpan(0, Math.Min(text.Length, longest)).EnumerateRunes())
            visible.Append(IsVisible(rune) ? rune.ToString() : Spelled(rune));
        return whole
            ? visible.Append(close).ToString()
            : visible.Append(CultureInfo.InvariantCulture, $"…{close} ({text.Length} characters)").ToString();
    }

    // A quick look that lets all plain text pass: anything else is looked at rune by rune.
    private static bool IsSuspect(char letter) => letter is < ' ' or >= (char)0x7F;

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);

    private static string Spelled(Rune rune) => rune.Value switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        <= 0xFFFF => $"\\u{rune.Value:X4}",
        _ => $"\\U{rune.Value:X8}",
    };
}
