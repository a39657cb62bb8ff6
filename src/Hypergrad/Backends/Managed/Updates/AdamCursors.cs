using System.Runtime.CompilerServices;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>Walks along the coefficients of a drift along Adam's direction.</summary>
internal struct AdamCursors
{
    /// <summary>a.</summary>
    public RingCursor<double> Factor;

    /// <summary>b₁ and b₂, which bias correction divides the moments by.</summary>
    public RingCursor<double> FirstCorrection, SecondCorrection;

    /// <summary>ε.</summary>
    public RingCursor<double> Epsilon;

    /// <summary>Whether all weights share theirs.</summary>
    public readonly bool AreUniform =>
        Factor.IsUniform && FirstCorrection.IsUniform && SecondCorrection.IsUniform && Epsilon.IsUniform;

    /// <summary>Goes on by eight weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance()
    {
        Factor.Advance(Simd.Eight.Width);
        FirstCorrection.Advance(Simd.Eight.Width);
        SecondCorrection.Advance(Simd.Eight.Width);
        Epsilon.Advance(Simd.Eight.Width);
    }
}
