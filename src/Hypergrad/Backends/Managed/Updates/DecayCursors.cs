using System.Runtime.CompilerServices;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>
/// Walks along the ratios of a decay: what numbers are divided by, what they are multiplied by, and the doubles above 1 over both.
/// </summary>
internal struct DecayCursors(
    RingCursor<double> divisor, RingCursor<double> aboveInverseDivisor, RingCursor<double> factor, RingCursor<double> aboveInverseFactor)
{
    public RingCursor<double> Divisor = divisor, AboveInverseDivisor = aboveInverseDivisor;

    public RingCursor<double> Factor = factor, AboveInverseFactor = aboveInverseFactor;

    /// <summary>Goes on by eight weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance()
    {
        Divisor.Advance(8);
        AboveInverseDivisor.Advance(8);
        Factor.Advance(8);
        AboveInverseFactor.Advance(8);
    }
}
