namespace Hypergrad.Data;

/// <summary>
/// A table as it was read, before it is made into numbers: columns of numbers and of text, entries missing here and there. A
/// <see cref="DataEncoding"/> makes a <see cref="Dataset"/> of it.
/// </summary>
public sealed class RawTable
{
    private readonly Cells cells;

    internal RawTable(
        string path, IReadOnlyList<RawColumn> columns, int targetCount, Cells cells, Func<long, string> placeOf)
    {
        (Path, Columns, TargetCount, PlaceOf) = (path, columns, targetCount, placeOf);
        this.cells = cells;
    }

    /// <summary>Where the table comes from, fit for messages.</summary>
    public string Path { get; }

    /// <summary>The columns that were asked for: the targets first, then the inputs.</summary>
    public IReadOnlyList<RawColumn> Columns { get; }

    /// <summary>How many of the columns are targets.</summary>
    public int TargetCount { get; }

    /// <summary>How many rows there are, at least 1.</summary>
    public int Rows => cells.Rows;

    /// <summary>Whether the numbers are kept in double precision.</summary>
    public bool IsDouble => cells.IsDouble;

    /// <summary>An entry: a number, the place of a text among <see cref="RawColumn.Texts"/>, or NaN where it is missing.</summary>
    public double this[int row, int column] => cells[row, column];

    /// <summary>A row's place, by the number that its position gave it, for errors.</summary>
    internal Func<long, string> PlaceOf { get; }

    /// <summary>Whether any entry of a row is missing.</summary>
    internal bool LacksAny(int row, ReadOnlySpan<int> columns)
    {
        foreach (int column in columns)
            if (double.IsNaN(cells[row, column]))
                return true;
        return false;
    }
}
