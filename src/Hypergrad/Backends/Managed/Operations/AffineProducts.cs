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
