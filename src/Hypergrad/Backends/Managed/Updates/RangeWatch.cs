using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>Notes, for a whole loop, whether any number left the range of 64 bits.</summary>
internal struct RangeWatch
{
    // A lane of the first is negative once something went wrong in it; the second holds the least number that was made of a double.
    private Vector512<long> faulty, least;

    /// <summary>Whether anything went wrong.</summary>
    public readonly bool Any =>
        Vector512.LessThanAny(faulty, Vector512<long>.Zero) || Vector512.EqualsAny(least, Vector512.Create(long.MinValue));

    /// <summary>Notes a fault wherever a number is negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Note(Vector512<long> signs) => faulty |= signs;

    /// <summary>trunc x; a fault where |x| ≥ 2⁶³ or x is no number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<long> Truncate(Vector512<double> x)
    {
        var whole = FixedPointVectors.Truncate(x);
        // AVX-512 makes −2⁶³ of what does not fit. Elsewhere what comes out may be anything.
        if (Vector512.IsHardwareAccelerated)
            least = Vector512.Min(least, whole);
        else
            faulty |= FixedPointVectors.OutOfRange(x);
        return whole;
    }

    /// <summary>x + change; a fault where that is beyond 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<long> Add(Vector512<long> x, Vector512<long> change)
    {
        var sum = x + change;
        faulty |= (x ^ sum) & (change ^ sum);
        return sum;
    }
}
