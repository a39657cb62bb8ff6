using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>Walks round a <see cref="CoefficientRing{T}"/>, one vector at a time.</summary>
internal unsafe struct RingCursor<T> where T : unmanaged
{
    private readonly T* ring;
    private readonly int period;
    private int position;

    public RingCursor(T* ring, int period, int position)
    {
        this.ring = ring;
        this.period = period;
        this.position = position;
    }

    /// <summary>Whether all weights share their coefficient.</summary>
    public readonly bool IsUniform => period == 1;

    /// <summary>The coefficients of the weights at hand.</summary>
    public readonly Vector512<T> Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Load(ring + position);
    }

    /// <summary>Goes on by a number of weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int weights)
    {
        position += weights;
        if (position >= period)
            position = period == 1 ? 0 : position % period;
    }

    /// <summary>Goes on by eight weights, to their coefficients.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<T> Next()
    {
        Advance(Simd.Eight.Width);
        return Current;
    }
}
