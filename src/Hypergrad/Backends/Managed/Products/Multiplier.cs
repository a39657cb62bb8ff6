namespace Hypergrad.Backends.Managed.Products;

/// <summary>A product in flight on one workspace. One implementation per register width, chosen when the workspace is made.</summary>
internal abstract unsafe class Multiplier<T>
    where T : unmanaged
{
    /// <summary>See <see cref="MatrixProduct.Multiply"/>.</summary>
    public abstract void Multiply(
        T* a, bool transposeA, T* b, bool transposeB, T* c, int m, int n, int k, bool accumulate, Workers workers, T* addend = null);
}
