using Hypergrad.Data;

namespace Hypergrad.Parquet;

/// <summary>The row that is read, from 1, for errors.</summary>
internal sealed class ParquetPosition(string path) : IRowPosition
{
    // Of every entry there is room for its text.
    private const double BytesPerEntry = 16;

    /// <summary>How many rows were begun.</summary>
    public long Row { get; set; }

    public long Number => Row;

    public DataException Error(int field, string message) => new($"{path}: row {Row}: {message}");

    /// <summary>An error of the whole file.</summary>
    public DataException Error(string message) => new($"{path}: {message}");

    /// <summary>Refuses a group of rows that there is no room for.</summary>
    public void Require(long rows, int columns)
    {
        if (rows is < 0 or > int.MaxValue)
            throw Error($"a group has {rows} rows; from 0 to {int.MaxValue} are read. Write the file in smaller row groups.");
        MemoryLimit.Require(BytesPerEntry * rows * columns, $"{path}: a group of {rows} rows", "Write the file in smaller row groups.");
    }
}
