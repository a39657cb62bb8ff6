using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Momentum;

/// <summary>What went wrong in a tile: the sign bit of any lane tells.</summary>
internal struct Faults
{
    /// <summary>A gradient is not finite, or its kick does not fit.</summary>
    public Vector512<long> Gradient;

    /// <summary>A velocity left its range.</summary>
    public Vector512<long> Velocity;

    /// <summary>A position left its range.</summary>
    public Vector512<long> Position;

    /// <summary>The first thing that went wrong, in words, or null.</summary>
    public readonly string? Reason =>
        Any(Gradient) ? "a gradient is not finite or too large for the fixed-point range"
        : Any(Velocity) ? "a velocity left the fixed-point range of ±2048"
        : Any(Position) ? "a weight left the fixed-point range of ±2048"
        : null;

    private static bool Any(Vector512<long> lanes) => Vector512.ExtractMostSignificantBits(lanes) != 0;
}
