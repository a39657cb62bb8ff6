using Sylvan.Data.Csv;

namespace Hypergrad.Data;

/// <summary>
/// The records of a CSV file one after the other, by the rules of RFC 4180: fields may stand in double quotes, where a delimiter and a
/// line end are text and two quotes are one. Lines end with CR LF, LF or CR; lines with nothing on them are passed over. Nothing but the
/// current record is kept.
/// </summary>
internal sealed class CsvRecords : IRowPosition, IDisposable
{
    private const int FirstBuffer = 1 << 16, LongestRecord = 1 << 24;

    private readonly char delimiter;
    private readonly CsvDataReader reader;
    private readonly Queue<CsvRecord> ahead = [];
    private CsvRecord? saved;
    private int line = 1, lines;

    /// <summary>Begins to read.</summary>
    /// <exception cref="DataException">The first record is not one.</exception>
    public CsvRecords(string path, CsvText text, char delimiter)
    {
        (Path, this.delimiter) = (path, delimiter);
        var options = new CsvDataReaderOptions
        {
            Delimiter = delimiter,
            HasHeaders = false,
            BufferSize = FirstBuffer,
            MaxBufferSize = LongestRecord,
            ResultSetMode = ResultSetMode.SingleResult,
        };
        reader = Guard(() => CsvDataReader.Create(text, options));
    }

    public string Path { get; }

    /// <summary>How many fields the current record has.</summary>
    public int FieldCount => saved?.Fields.Length ?? reader.RowFieldCount;

    /// <summary>A field of the current record, unquoted.</summary>
    public ReadOnlySpan<char> this[int field] => saved is null ? reader.GetFieldSpan(field) : saved.Fields[field];

    /// <summary>The line that the current record begins in, from 1.</summary>
    public long Number => saved?.Line ?? line;

    private ReadOnlySpan<char> Raw => saved is null ? reader.GetRawRecordSpan() : saved.Raw;

    /// <summary>Reads the next records without going on to them.</summary>
    /// <param name="count">How many, where there are as many.</param>
    public IReadOnlyList<CsvRecord> Ahead(int count)
    {
        while (ahead.Count < count && ReadNext())
            ahead.Enqueue(new([.. Enumerable.Range(0, reader.RowFieldCount).Select(reader.GetString)], Raw.ToString(), line));
        return [.. ahead];
    }

    /// <summary>Goes on to the next record that is not an empty line; false at the end of the file.</summary>
    /// <exception cref="DataException">A quote that is never closed, or text after a closing quote.</exception>
    public bool Next() => ahead.TryDequeue(out saved) || ReadNext();

    /// <summary>An error at a field of the current record: file:line:column of its first character, then the message.</summary>
    public DataException Error(int field, string message)
    {
        var (lineInRecord, column) = CsvPlace.Of(Raw, field, delimiter);
        return new DataException($"{Path}:{(saved?.Line ?? line) + lineInRecord}:{column}: {message}");
    }

    /// <summary>An error at the current record: file:line, then the message.</summary>
    public DataException RecordError(string message) => new($"{Path}:{saved?.Line ?? line}: {message}");

    public void Dispose() => reader.Dispose();

    private bool ReadNext()
    {
        do
        {
            line += lines;
            if (!Guard(reader.Read))
                return false;
            lines = CsvPlace.Lines(reader.GetRawRecordSpan());
        }
        while (reader.RowFieldCount == 1 && reader.GetRawRecordSpan().Trim("\r\n").IsEmpty);
        return true;
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CsvInvalidCharacterException error)
        {
            // The quote that nothing closes takes in all that follows it, to the end of the file.
            string complaint = error.Message.Contains("end of the input", StringComparison.Ordinal)
                ? "a quote that opens here is never closed."
                : "there is text after a closing quote; a quote inside a quoted field is written twice.";
            throw new DataException($"{Path}:{line}: in field {error.FieldOrdinal + 1}: {complaint}", error);
        }
        catch (CsvRecordTooLargeException error)
        {
            throw new DataException($"{Path}:{line}: the line that begins here has more than {LongestRecord} characters; is a quote never "
                + "closed?", error);
        }
        catch (CsvFormatException error)
        {
            throw new DataException($"{Path}:{line}: this is no line of a table: {error.Message}", error);
        }
    }
}
