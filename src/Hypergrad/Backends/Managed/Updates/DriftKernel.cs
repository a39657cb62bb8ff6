using System.Numerics;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>w ← w + a·ψ(slots); ā += Σ w̄∘ψ, slot‾ += a·w̄∘∂ψ/∂slot.</summary>
internal abstract class DriftKernel<T> : UpdateKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Pulls it back over one tile; the slots are those after the step.</summary>
    /// <param name="replica">Which of the runs trained side by side.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="tileIndex">Its number.</param>
    /// <param name="weights">w̄.</param>
    /// <param name="slots">The adjoint of every slot of the optimizer.</param>
    /// <param name="gathered">Where the gradient of every coefficient of the optimizer is gathered; null where it is not wanted.</param>
    public abstract void PullBack(
        int replica, in WeightTile tile, int tileIndex, ManagedVector<T> weights, ManagedVector<T>[] slots,
        ManagedCoefficientVector?[] gathered);
}
