using System.Text;

namespace Hypergrad.Data;

/// <summary>The text of a CSV file, read piece by piece: its first piece can be looked at before it is read.</summary>
internal sealed class CsvText : TextReader
{
    private const int FirstPiece = 1 << 15;

    private readonly StreamReader reader;
    private readonly char[] first = new char[FirstPiece];
    private readonly int firstLength;
    private int position;

    /// <summary>Begins to read a file.</summary>
    /// <exception cref="DataException">It is no text, or has nothing but blank lines.</exception>
    public CsvText(DataFile file)
    {
        // The reader passes over a byte order mark.
        reader = new StreamReader(file.ReadOn(piece => CsvDialect.RequireText(file.Path, piece)), new UTF8Encoding(false));
        do
            firstLength = reader.ReadBlock(first);
        while (firstLength == FirstPiece && IsBlank(First));
        if (IsBlank(First))
            throw new DataException($"{file.Path}: the file is empty.");
    }

    /// <summary>The first piece, as much as there is of it.</summary>
    public ReadOnlySpan<char> First => first.AsSpan(0, firstLength);

    public override int Read(Span<char> buffer)
    {
        int count = Math.Min(buffer.Length, firstLength - position);
        if (count == 0)
            return reader.Read(buffer);
        first.AsSpan(position, count).CopyTo(buffer);
        position += count;
        return count;
    }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int ReadBlock(char[] buffer, int index, int count) => ReadBlock(buffer.AsSpan(index, count));

    public override int ReadBlock(Span<char> buffer)
    {
        int count = 0;
        for (int read; count < buffer.Length && (read = Read(buffer[count..])) > 0;)
            count += read;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            reader.Dispose();
        base.Dispose(disposing);
    }

    private static bool IsBlank(ReadOnlySpan<char> text) => text.IndexOfAnyExcept("\r\n \t") < 0;
}
