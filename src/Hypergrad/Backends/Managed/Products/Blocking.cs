namespace Hypergrad.Backends.Managed.Products;

/// <summary>
/// How a product is cut into blocks that stay in the caches. It follows from the shape and the registers alone, never from the number of
/// threads, so that the order of every sum is the same on any team.
/// </summary>
internal readonly struct Blocking
{
    /// <summary>
    /// Bytes of a strip of B that stays in the second-level cache while tiles run down the rows of C. A tile of 12 rows asks for so little
    /// of it that the first-level cache need not hold it, and the longer the strip, the seldomer C is read and written.
    /// </summary>
    private const int StripBytes = 128 << 10;

    /// <summary>Bytes of strips of B that are packed together, and stay in the second-level cache together.</summary>
    private const int GroupBytes = 512 << 10;

    /// <summary>Bytes of packed A that the team shares. B is packed again for every panel.</summary>
    private const int PanelBytes = 2 << 20;

    /// <summary>Bytes of a block of A that stays in the second-level cache beside them, and its rows of C.</summary>
    private const int BlockBytes = 64 << 10;

    /// <summary>Columns of C above which packing A costs less than reading it where it lies.</summary>
    private const int PackedAbove = 512;

    /// <summary>The same where all rows of A meet in one set of the first-level cache, being whole pages apart.</summary>
    private const int CollidingPackedAbove = 96, CollidingBytes = 4096;

    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">The length of the sums.</param>
    /// <param name="strideA">Numbers from one row of A, as it is stored, to the next.</param>
    /// <param name="lanes">Numbers in a vector.</param>
    /// <param name="manyRegisters">Whether there are 32 vector registers.</param>
    /// <param name="size">Bytes of a number.</param>
    public Blocking(int m, int n, int k, int strideA, int lanes, bool manyRegisters, int size)
    {
        int vectors = DivideUp(n, lanes), widest = manyRegisters ? 4 : 3;
        StripVectors = vectors <= widest ? vectors : 2;
        TileRows = TileRowsOf(StripVectors, manyRegisters);
        StripColumns = StripVectors * lanes;
        Depth = Split(k, StripBytes / (StripColumns * size), 4);
        GroupStrips = Math.Max(1, GroupBytes / (StripColumns * Depth * size));
        Rows = Split(m, BlockBytes / (Depth * size), TileRows);
        PanelRows = Split(m, PanelBytes / (Depth * size), TileRows);
        PanelDepth = Split(k, PanelBytes / (Math.Min(m, PanelRows) * size), Depth);
        PackA = n > ((long)strideA * size % CollidingBytes == 0 ? CollidingPackedAbove : PackedAbove);
    }

    /// <summary>Vectors in a row of a tile.</summary>
    public int StripVectors { get; }

    /// <summary>Columns of a strip of B and of a tile.</summary>
    public int StripColumns { get; }

    /// <summary>Rows of a tile.</summary>
    public int TileRows { get; }

    /// <summary>The part of k summed in registers before it is added to C.</summary>
    public int Depth { get; }

    /// <summary>Strips of B packed together.</summary>
    public int GroupStrips { get; }

    /// <summary>Rows of A that meet a strip of B after the other, at most.</summary>
    public int Rows { get; }

    /// <summary>Rows of A packed at a time.</summary>
    public int PanelRows { get; }

    /// <summary>Their depth: whole parts of <see cref="Depth"/>.</summary>
    public int PanelDepth { get; }

    /// <summary>Whether A is packed: worth it where many strips read it again.</summary>
    public bool PackA { get; }

    /// <summary>The rows of a tile of so many vectors that fill the registers with sums.</summary>
    public static int TileRowsOf(int vectors, bool manyRegisters) => manyRegisters ? Math.Min(24 / vectors, 12) : Math.Min(12 / vectors, 8);

    public static int DivideUp(int dividend, int divisor) => (int)(((uint)dividend + (uint)divisor - 1) / (uint)divisor);

    /// <summary>The size of equal parts of a length, none above about <paramref name="largest"/>, in whole units.</summary>
    private static int Split(int length, int largest, int unit)
    {
        int parts = DivideUp(length, Math.Max(unit, largest));
        return DivideUp(DivideUp(length, parts), unit) * unit;
    }
}
