using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>
/// Walks along the ratios of a decay: what numbers are divided by, what they are multiplied by, and the doubles above 1 over both.
/// </summary>
internal struct DecayCursors(
    RingCursor<double> divisor, RingCursor<double> aboveInverseDivisor, RingCursor<double> factor, RingCursor<double> aboveInverseFactor)
{
    private RingCursor<double> divisor = divisor, aboveInverseDivisor = aboveInverseDivisor;
    private RingCursor<double> factor = factor, aboveInverseFactor = aboveInverseFactor;

    /// <summary>Whether all weights share their ratio.</summary>
    public readonly bool IsUniform => divisor.IsUniform;

    /// <summary>The ratios of the eight weights at hand.</summary>
    public readonly (Vector512<double> Divisor, Vector512<double> AboveInverseDivisor, Vector512<double> Factor,
        Vector512<double> AboveInverseFactor) Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (divisor.Current, aboveInverseDivisor.Current, factor.Current, aboveInverseFactor.Current);
    }

    /// <summary>Goes on by eight weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector512<double> Divisor, Vector512<double> AboveInverseDivisor, Vector512<double> Factor,
        Vector512<double> AboveInverseFactor) Next()
    {
        divisor.Advance(Simd.Eight.Width);
        aboveInverseDivisor.Advance(Simd.Eight.Width);
        factor.Advance(Simd.Eight.Width);
        aboveInverseFactor.Advance(Simd.Eight.Width);
        return Current;
    }
}
