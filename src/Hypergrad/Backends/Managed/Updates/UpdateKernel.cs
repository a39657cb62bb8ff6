using System.Numerics;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>One update of an optimizer in floating point, tile by tile: done, and pulled back.</summary>
internal abstract class UpdateKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Does it.</summary>
    /// <returns>Whether every number that came out is finite.</returns>
    public abstract bool Advance(int replica, in WeightTile tile);
}
