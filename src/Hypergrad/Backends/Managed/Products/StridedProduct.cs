namespace Hypergrad.Backends.Managed.Products;

/// <summary>
/// C = A · B, or C += A · B, of operands that are read where they lie: the rows of A may overlap, as windows on an image do, and the depth
/// may be in runs that lie apart, as the rows of a window do.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal readonly unsafe struct StridedProduct<T> where T : unmanaged
{
    /// <summary>A's first number, and numbers from one row to the next and from one depth to the next.</summary>
    public required T* A { get; init; }

    public required nint RowStride { get; init; }

    public required nint DepthStride { get; init; }

    /// <summary>B's first number, and numbers from one depth to the next.</summary>
    public required T* B { get; init; }

    public required nint StrideB { get; init; }

    /// <summary>Runs of the depth, the length of each, and numbers from the beginning of one to that of the next in A and in B.</summary>
    public required nint Runs { get; init; }

    public required nint Depth { get; init; }

    public required nint RunStrideA { get; init; }

    public required nint RunStrideB { get; init; }

    /// <summary>C's first number, and numbers from one row to the next.</summary>
    public required T* C { get; init; }

    public required nint StrideC { get; init; }

    public required int Rows { get; init; }

    /// <summary>Whole vectors: a strip, see <see cref="StridedMultiplier{T}.StripOf"/>.</summary>
    public required int Columns { get; init; }

    /// <summary>Whether to add to what C holds.</summary>
    public required bool Accumulate { get; init; }
}
