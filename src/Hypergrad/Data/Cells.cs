namespace Hypergrad.Data;

/// <summary>
/// The entries of a table that grows row by row, row-major, in single or double precision. They lie in blocks, so that nothing is copied
/// when more arrive.
/// </summary>
internal sealed class Cells
{
    private const int EntriesPerBlock = 1 << 16;

    private readonly string path;
    private readonly int columns, rowsPerBlock;
    private readonly List<float[]> singles = [];
    private readonly List<double[]> doubles = [];

    public Cells(string path, int columns, bool isDouble)
    {
        (this.path, this.columns, IsDouble) = (path, columns, isDouble);
        rowsPerBlock = Math.Max(1, EntriesPerBlock / columns);
    }

    /// <summary>Whether the numbers are kept in double precision.</summary>
    public bool IsDouble { get; }

    /// <summary>How many rows are complete.</summary>
    public int Rows { get; private set; }

    public double this[int row, int column]
    {
        get
        {
            int place = row % rowsPerBlock * columns + column;
            return IsDouble ? doubles[row / rowsPerBlock][place] : singles[row / rowsPerBlock][place];
        }
    }

    /// <summary>Adds a row.</summary>
    /// <exception cref="MemoryException">There is more than memory can hold.</exception>
    public void Add(ReadOnlySpan<double> row)
    {
        if (Rows % rowsPerBlock == 0)
            AddBlock();
        int place = Rows % rowsPerBlock * columns;
        if (IsDouble)
            row.CopyTo(doubles[^1].AsSpan(place));
        else
            for (int column = 0; column < columns; column++)
                singles[^1][place + column] = (float)row[column];
        Rows++;
    }

    private void AddBlock()
    {
        int length = rowsPerBlock * columns;
        double bytes = (double)(Rows + rowsPerBlock) * columns * (IsDouble ? sizeof(double) : sizeof(float));
        // The table, and the inputs that are made of it.
        MemoryLimit.Require(2 * bytes, $"{path}: what is read of it", "Use a smaller file, or fewer columns.");
        if (IsDouble)
            doubles.Add(GC.AllocateUninitializedArray<double>(length));
        else
            singles.Add(GC.AllocateUninitializedArray<float>(length));
    }
}
