namespace Hypergrad.Backends.Managed.Products;

/// <summary>Finds the kernel of a tile by its shape.</summary>
internal static unsafe class TileShapes<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>The kernel for <paramref name="rows"/> rows of <paramref name="vectors"/> vectors.</summary>
    public static delegate*<T*, nint, nint, T*, nint, nint, DepthRuns, T*, nint, T*, nint, bool, void> Kernel(
        int rows, int vectors) => vectors switch
        {
            1 => OfVectors<Counts.One>(rows),
            2 => OfVectors<Counts.Two>(rows),
            3 => OfVectors<Counts.Three>(rows),
            _ => OfVectors<Counts.Four>(rows),
        };

    private static delegate*<T*, nint, nint, T*, nint, nint, DepthRuns, T*, nint, T*, nint, bool, void> OfVectors<TColumns>(int rows)
        where TColumns : unmanaged => rows switch
        {
            1 => &Tile<TLanes, TVector, T>.Multiply<Counts.One, TColumns>,
            2 => &Tile<TLanes, TVector, T>.Multiply<Counts.Two, TColumns>,
            3 => &Tile<TLanes, TVector, T>.Multiply<Counts.Three, TColumns>,
            4 => &Tile<TLanes, TVector, T>.Multiply<Counts.Four, TColumns>,
            5 => &Tile<TLanes, TVector, T>.Multiply<Counts.Five, TColumns>,
            6 => &Tile<TLanes, TVector, T>.Multiply<Counts.Six, TColumns>,
            7 => &Tile<TLanes, TVector, T>.Multiply<Counts.Seven, TColumns>,
            8 => &Tile<TLanes, TVector, T>.Multiply<Counts.Eight, TColumns>,
            9 => &Tile<TLanes, TVector, T>.Multiply<Counts.Nine, TColumns>,
            10 => &Tile<TLanes, TVector, T>.Multiply<Counts.Ten, TColumns>,
            11 => &Tile<TLanes, TVector, T>.Multiply<Counts.Eleven, TColumns>,
            _ => &Tile<TLanes, TVector, T>.Multiply<Counts.Twelve, TColumns>,
        };

    /// <summary>The kernel for the dot products of <paramref name="rows"/> rows and <paramref name="columns"/> columns.</summary>
    public static delegate*<T*, nint, T*, nint, nint, T*, nint, nint, bool, void> DotKernel(int rows, int columns) => columns switch
    {
        1 => DotOfColumns<Counts.One>(rows),
        2 => DotOfColumns<Counts.Two>(rows),
        3 => DotOfColumns<Counts.Three>(rows),
        _ => DotOfColumns<Counts.Four>(rows),
    };

    private static delegate*<T*, nint, T*, nint, nint, T*, nint, nint, bool, void> DotOfColumns<TColumns>(int rows)
        where TColumns : unmanaged => rows switch
        {
            1 => &DotTile<TLanes, TVector, T>.Multiply<Counts.One, TColumns>,
            2 => &DotTile<TLanes, TVector, T>.Multiply<Counts.Two, TColumns>,
            3 => &DotTile<TLanes, TVector, T>.Multiply<Counts.Three, TColumns>,
            _ => &DotTile<TLanes, TVector, T>.Multiply<Counts.Four, TColumns>,
        };
}
