using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>Finds the encoding and the delimiter of a CSV file.</summary>
internal static class CsvDialect
{
    /// <summary>The text after its byte order mark, if it has one.</summary>
    /// <exception cref="DataException">The file has nothing but blank lines.</exception>
    public static ReadOnlyMemory<byte> Text(string path, ReadOnlyMemory<byte> content)
    {
        var bytes = content.Span;
        if (bytes is [0xEF, 0xBB, 0xBF, ..])
            content = content[3..];
        return content.Span.IndexOfAnyExcept("\r\n \t"u8) < 0 ? throw new DataException($"{path}: the file is empty.") : content;
    }

    /// <summary>Refuses a piece of a file that is no text, before more of it is read.</summary>
    /// <exception cref="DataException">It is in UTF-16, or holds zero bytes.</exception>
    public static void RequireText(string path, ReadOnlySpan<byte> piece)
    {
        if (piece is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new DataException($"{path}: the file is in UTF-16; save it as UTF-8.");
        if (piece.Contains((byte)0))
            throw new DataException($"{path}: the file holds zero bytes: it is not text.");
    }

    /// <summary>The delimiter asked for, once it is known to be one that no number and no quoted field can hold.</summary>
    /// <exception cref="ConfigurationException">It is a letter, a digit, a sign, a point, a quote, a space, a line end or no ASCII
    /// character.</exception>
    public static byte Check(char delimiter) =>
        char.IsAscii(delimiter) && (delimiter == '\t' || (!char.IsControl(delimiter) && !char.IsAsciiLetterOrDigit(delimiter)
            && !"+-.\" ".Contains(delimiter)))
            ? (byte)delimiter
            : throw new ConfigurationException(
                $"The delimiter '{Quoted.Name(delimiter.ToString())}' cannot separate fields; use a comma, a semicolon, a tab or "
                    + "the like.");

    /// <summary>Which of comma, semicolon and tab the first line has most of, outside quotes; comma when it has none.</summary>
    public static byte Delimiter(ReadOnlySpan<byte> text)
    {
        int commas = 0, semicolons = 0, tabs = 0;
        bool quoted = false;
        foreach (byte letter in text.TrimStart("\r\n"u8))
        {
            if (letter == '"')
                quoted = !quoted;
            if (quoted)
                continue;
            if (letter is (byte)'\n' or (byte)'\r')
                break;
            commas += letter == ',' ? 1 : 0;
            semicolons += letter == ';' ? 1 : 0;
            tabs += letter == '\t' ? 1 : 0;
        }
        // A tie goes against the comma: where numbers have decimal commas, it is the semicolon that separates them.
        if (tabs > 0 && tabs >= Math.Max(commas, semicolons))
            return (byte)'\t';
        return semicolons > 0 && semicolons >= commas ? (byte)';' : (byte)',';
    }
}
