using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>Finds the encoding and the delimiter of a CSV file.</summary>
internal static class CsvDialect
{
    /// <summary>Refuses a piece of a file that is no text, before more of it is read.</summary>
    /// <exception cref="DataException">It is in UTF-16, or holds zero bytes.</exception>
    public static void RequireText(string path, ReadOnlySpan<byte> piece)
    {
        if (piece is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new DataException($"{path}: the file is in UTF-16; save it as UTF-8.");
        if (piece.Contains((byte)0))
            throw new DataException($"{path}: the file holds zero bytes: it is not text."
                + (piece is [0x50, 0x4B, 3, 4, ..] ? " (A workbook or a ZIP archive? Save it as CSV, or unpack it.)" : ""));
    }

    /// <summary>The delimiter asked for, once it is known to be one that no number and no quoted field can hold.</summary>
    /// <exception cref="ConfigurationException">It is a letter, a digit, a sign, a point, a quote, a space, a line end or no ASCII
    /// character; or the comma, which then is in decimals.</exception>
    public static char Check(char delimiter, bool decimalComma)
    {
        if (delimiter == ',' && decimalComma)
            throw new ConfigurationException("The delimiter ',' cannot separate fields where it separates decimals; leave out the "
                + "delimiter or the decimal comma.");
        return char.IsAscii(delimiter) && (delimiter == '\t' || (!char.IsControl(delimiter) && !char.IsAsciiLetterOrDigit(delimiter)
            && !"+-.\" ".Contains(delimiter)))
            ? delimiter
            : throw new ConfigurationException(
                $"The delimiter '{Quoted.Name(delimiter.ToString())}' cannot separate fields; use a comma, a semicolon, a tab or "
                    + "the like.");
    }

    /// <summary>Which of comma, semicolon and tab the first line has most of, outside quotes; comma when it has none.</summary>
    /// <param name="text">The beginning of the file.</param>
    /// <param name="decimalComma">Whether a comma is in decimals, and separates nothing.</param>
    public static char Delimiter(ReadOnlySpan<char> text, bool decimalComma)
    {
        int commas = 0, semicolons = 0, tabs = 0;
        bool quoted = false;
        foreach (char letter in text.TrimStart("\r\n"))
        {
            if (letter == '"')
                quoted = !quoted;
            if (quoted)
                continue;
            if (letter is '\n' or '\r')
                break;
            commas += letter == ',' && !decimalComma ? 1 : 0;
            semicolons += letter == ';' ? 1 : 0;
            tabs += letter == '\t' ? 1 : 0;
        }
        // A tie goes against the comma: where numbers have decimal commas, it is the semicolon that separates them.
        if (tabs > 0 && tabs >= Math.Max(commas, semicolons))
            return '\t';
        return decimalComma || semicolons > 0 && semicolons >= commas ? ';' : ',';
    }
}
