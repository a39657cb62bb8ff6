using System.Numerics;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// The products of an affine map, A being the matrix whose rows it finds in its input a: the positions of a batch, or windows on images.
/// </summary>
internal abstract unsafe class AffineProducts<T> : IDisposable where T : unmanaged, INumberBase<T>
{
    /// <summary>z = AW + b, or z += AW where b is null.</summary>
    public abstract void Forward(T* a, T* weight, T* bias, T* z, int batch);

    /// <summary>∂W = Aᵀδ, or ∂W += Aᵀδ.</summary>
    public abstract void WeightGradient(T* a, T* delta, T* gradient, int batch, bool accumulate);

    /// <summary>e = Σ δWᵀ, or e += Σ δWᵀ, each number's sum being over the rows in which it stands.</summary>
    public abstract void InputAdjoint(T* delta, T* weight, T* adjoint, int batch, bool accumulate);

    /// <summary>ż = aU + ȧW + u after z = aW + b, if that is wanted.</summary>
    public virtual void Forward(Dual<T> a, Dual<T> weight, Dual<T> bias, Dual<T> z, int batch)
    {
        if (z.Value is not null)
            Forward(a.Value, weight.Value, bias.Value, z.Value, batch);
        Forward(a.Value, weight.Tangent, bias.Tangent, z.Tangent, batch);
        if (a.Tangent is not null)
            Forward(a.Tangent, weight.Value, null, z.Tangent, batch);
    }

    /// <summary>R∂W = Aᵀδ̇ + Ȧᵀδ after ∂W, if that is wanted; it alone may be added to what is there.</summary>
    public virtual void WeightGradient(Dual<T> a, Dual<T> delta, Dual<T> gradient, int batch, bool accumulate)
    {
        if (gradient.Value is not null)
            WeightGradient(a.Value, delta.Value, gradient.Value, batch, accumulate);
        WeightGradient(a.Value, delta.Tangent, gradient.Tangent, batch, false);
        if (a.Tangent is not null)
            WeightGradient(a.Tangent, delta.Value, gradient.Tangent, batch, true);
    }

    /// <summary>ė = Σ δ̇Wᵀ + δUᵀ after e, if that is wanted, or both are added to what is there.</summary>
    public virtual void InputAdjoint(Dual<T> delta, Dual<T> weight, Dual<T> adjoint, int batch, bool accumulate)
    {
        if (adjoint.Value is not null)
            InputAdjoint(delta.Value, weight.Value, adjoint.Value, batch, accumulate);
        InputAdjoint(delta.Tangent, weight.Value, adjoint.Tangent, batch, accumulate);
        InputAdjoint(delta.Value, weight.Tangent, adjoint.Tangent, batch, true);
    }

    /// <inheritdoc/>
    public virtual void Dispose() { }

    /// <summary>The products of an operation; windows of one pixel each are the positions of an image.</summary>
    public static AffineProducts<T> For(Affine operation, Team<T> team) =>
        operation.Patches is null or { KernelHeight: 1, KernelWidth: 1, StrideHeight: 1, StrideWidth: 1, PaddingHeight: 0, PaddingWidth: 0 }
            ? new DenseProducts<T>(operation, team)
            : WinogradConvolution<T>.Suits(operation) ? new WinogradConvolution<T>(operation, operation.Patches, team)
            : DirectConvolution<T>.Suits(operation) ? new DirectConvolution<T>(operation, operation.Patches, team)
            : new ConvolutionProducts<T>(operation, operation.Patches, team);
}
