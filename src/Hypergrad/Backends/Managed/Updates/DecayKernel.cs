using System.Numerics;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>x ← c·x; c̄ += Σ x̄∘x, x̄ ← c·x̄.</summary>
internal sealed unsafe class DecayKernel<T>(ManagedVector<T> target, CoefficientRing<T> coefficient) : UpdateKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override bool Advance(int replica, in WeightTile tile)
    {
        T* x = target.Replica(replica) + tile.Start;
        RingFormulas.Multiply(coefficient.At(tile), x, x, tile.Count, add: false);
        return true;
    }

    /// <summary>Pulls it back over one tile.</summary>
    /// <param name="replica">Which of the runs trained side by side.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="tileIndex">Its number.</param>
    /// <param name="adjoint">x̄.</param>
    /// <param name="gathered">c̄, or null.</param>
    public void PullBack(int replica, in WeightTile tile, int tileIndex, ManagedVector<T> adjoint, ManagedCoefficientVector? gathered)
    {
        T* x = target.Replica(replica) + tile.Start, xBar = adjoint.Replica(replica) + tile.Start;
        if (gathered is not null)
        {
            var sums = gathered.SumsOf(replica, tileIndex, out int start);
            RingFormulas.Dot(xBar, x, tile.Count, sums, start);
        }
        RingFormulas.Multiply(coefficient.At(tile), xBar, xBar, tile.Count, add: false);
    }
}
