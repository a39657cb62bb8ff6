namespace Hypergrad.Backends.Managed.Operations;

/// <summary>An array and its derivative along the direction; null stands for one that is 0 throughout, or not wanted.</summary>
/// <param name="value">The array.</param>
/// <param name="tangent">Its derivative, as long.</param>
internal readonly unsafe struct Dual<T>(T* value, T* tangent) where T : unmanaged
{
    /// <summary>The array.</summary>
    public T* Value => value;

    /// <summary>Its derivative along the direction.</summary>
    public T* Tangent => tangent;
}
