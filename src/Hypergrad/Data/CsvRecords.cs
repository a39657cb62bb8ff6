using System.Buffers;
using System.Text;

namespace Hypergrad.Data;

/// <summary>
/// The records of a CSV file one after the other, by the rules of RFC 4180: fields may stand in double quotes, where a delimiter and a
/// line end are text and two quotes are one. Lines end with CR LF, LF or CR; lines with nothing on them are passed over. The content is
/// not changed.
/// </summary>
internal sealed class CsvRecords
{
    private const byte Quote = (byte)'"';
    private readonly byte delimiter;
    private readonly byte[] lineEnds;
    private readonly ReadOnlyMemory<byte> content;
    private readonly List<Field> fields = [];
    private readonly ArrayBufferWriter<byte> unescaped = new();
    private int position;

    public CsvRecords(string path, ReadOnlyMemory<byte> content, byte delimiter)
    {
        (Path, this.content, this.delimiter) = (path, content, delimiter);
        lineEnds = [delimiter, (byte)'\n', (byte)'\r'];
    }

    public string Path { get; }

    /// <summary>How many fields the current record has.</summary>
    public int FieldCount => fields.Count;

    /// <summary>A field of the current record, unquoted; spaces around an unquoted field are not part of it.</summary>
    public ReadOnlySpan<byte> this[int field]
    {
        get
        {
            var (start, length, _, escaped) = fields[field];
            return (escaped ? unescaped.WrittenSpan : content.Span).Slice(start, length);
        }
    }

    /// <summary>A field of the current record as text.</summary>
    public string Text(int field) => Encoding.UTF8.GetString(this[field]);

    /// <summary>Goes on to the next record that is not an empty line; false at the end of the file.</summary>
    /// <exception cref="DataException">A quote that is never closed, or text after a closing quote.</exception>
    public bool Next()
    {
        fields.Clear();
        unescaped.ResetWrittenCount();
        var text = content.Span;
        while (position < text.Length && text[position] is (byte)'\n' or (byte)'\r')
            position++;
        if (position >= text.Length)
            return false;
        do
            fields.Add(text.Length > position && text[position] == Quote ? ReadQuoted(text) : ReadPlain(text));
        while (PassDelimiter(text));
        return true;
    }

    /// <summary>An error at a field of the current record: file:line:column of its first character, then the message.</summary>
    public DataException Error(int field, string message) => ErrorAt(fields[field].Origin, message);

    /// <summary>An error at the current record: file:line, then the message.</summary>
    public DataException RecordError(string message) => new($"{Path}:{Position(fields[0].Origin).Line}: {message}");

    private Field ReadPlain(ReadOnlySpan<byte> text)
    {
        int origin = position;
        int length = text[position..].IndexOfAny(lineEnds);
        position = length < 0 ? text.Length : position + length;
        int start = origin, end = position;
        while (start < end && text[start] == ' ')
            start++;
        while (end > start && text[end - 1] == ' ')
            end--;
        return new Field(start, end - start, origin, IsUnescaped: false);
    }

    private Field ReadQuoted(ReadOnlySpan<byte> text)
    {
        int origin = position++;
        int unescapedStart = unescaped.WrittenCount;
        int partStart = position;
        while (true)
        {
            int length = text[position..].IndexOf(Quote);
            if (length < 0)
                throw ErrorAt(origin, "the quote that opens here is never closed.");
            position += length + 1;
            if (position >= text.Length || text[position] != Quote)
                break;
            unescaped.Write(text[partStart..position]);
            partStart = ++position;
        }
        var last = text[partStart..(position - 1)];
        CheckAfterQuote(text);
        if (unescaped.WrittenCount == unescapedStart)
            return new Field(partStart, last.Length, origin, IsUnescaped: false);
        unescaped.Write(last);
        return new Field(unescapedStart, unescaped.WrittenCount - unescapedStart, origin, IsUnescaped: true);
    }

    private void CheckAfterQuote(ReadOnlySpan<byte> text)
    {
        while (position < text.Length && text[position] == ' ')
            position++;
        if (position < text.Length && !lineEnds.Contains(text[position]))
            throw ErrorAt(position, "there is text after a closing quote; a quote inside a quoted field is written twice.");
    }

    private bool PassDelimiter(ReadOnlySpan<byte> text)
    {
        if (position >= text.Length || text[position] != delimiter)
            return false;
        position++;
        return true;
    }

    private DataException ErrorAt(int offset, string message)
    {
        var (line, column) = Position(offset);
        return new DataException($"{Path}:{line}:{column}: {message}");
    }

    private (int Line, int Column) Position(int offset)
    {
        var text = content.Span;
        int line = 1, lineStart = 0;
        for (int i = 0; i < offset; i++)
            if (text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n'))
                (line, lineStart) = (line + 1, i + 1);
        return (line, Encoding.UTF8.GetCharCount(text[lineStart..offset]) + 1);
    }

    /// <param name="Start">Where the field's text begins, in the content or, when it held doubled quotes, in the unescaped text.</param>
    /// <param name="Length">How many bytes it has.</param>
    /// <param name="Origin">Where the field begins in the content, for errors.</param>
    /// <param name="IsUnescaped">Whether <paramref name="Start"/> counts in the unescaped text.</param>
    private readonly record struct Field(int Start, int Length, int Origin, bool IsUnescaped);
}
