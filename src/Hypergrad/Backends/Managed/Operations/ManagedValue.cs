using Hypergrad.Backends.Managed.Memory;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// What a value of a program is during the passes over a batch, four arrays [batch × size]: the value a, its adjoint e = ∂L/∂a, its tangent
/// ȧ along the direction and the adjoint's tangent ė. Each is made when it is first asked for.
/// </summary>
/// <param name="capacity">The most examples of a batch.</param>
/// <param name="size">Numbers of an example.</param>
/// <param name="dependsOnWeights">Whether it changes with the weights: only then has it a tangent, and is its adjoint wanted.</param>
/// <param name="lender">The value whose room for tangents it uses; null for room of its own.</param>
internal sealed unsafe class ManagedValue<T>(int capacity, int size, bool dependsOnWeights, ManagedValue<T>? lender = null) : IDisposable
    where T : unmanaged
{
    private readonly long length = (long)capacity * size;
    private NativeBuffer<T>? data, adjoint, tangent, adjointTangent;

    /// <summary>Numbers of an example.</summary>
    public int Size { get; } = size;

    /// <summary>Whether it changes with the weights.</summary>
    public bool DependsOnWeights { get; } = dependsOnWeights;

    /// <summary>a.</summary>
    public T* Data => (data ??= new(length)).Pointer;

    /// <summary>e.</summary>
    public T* Adjoint => (adjoint ??= new(length)).Pointer;

    /// <summary>ȧ.</summary>
    public T* Tangent => lender is not null ? lender.Tangent : (tangent ??= new(length)).Pointer;

    /// <summary>ė.</summary>
    public T* AdjointTangent => lender is not null ? lender.AdjointTangent : (adjointTangent ??= new(length)).Pointer;

    public void Dispose()
    {
        data?.Dispose();
        adjoint?.Dispose();
        tangent?.Dispose();
        adjointTangent?.Dispose();
    }
}
