using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Networks;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// What a value of a program is during the passes over a batch, four arrays [batch × size]: the value a, its adjoint e = ∂L/∂a, its tangent
/// ȧ along the direction and the adjoint's tangent ė. Each is made when it is first asked for.
/// </summary>
/// <param name="capacity">The most examples of a batch.</param>
/// <param name="size">Numbers of an example.</param>
/// <param name="dependsOnWeights">Whether it changes with the weights: only then has it a tangent, and is its adjoint wanted.</param>
internal sealed unsafe class ManagedValue<T>(int capacity, int size, bool dependsOnWeights) : IDisposable
    where T : unmanaged
{
    private readonly long length = (long)capacity * size;
    private NativeBuffer<T>? data, adjoint, tangent, adjointTangent;

    /// <summary>Numbers of an example.</summary>
    public int Size { get; } = size;

    /// <summary>Whether it changes with the weights.</summary>
    public bool DependsOnWeights { get; } = dependsOnWeights;

    /// <summary>The value whose room for tangents it uses; null for room of its own.</summary>
    public ManagedValue<T>? Lender { get; set; }

    /// <summary>a.</summary>
    public T* Data => (data ??= new(length)).Pointer;

    /// <summary>e.</summary>
    public T* Adjoint => (adjoint ??= new(length)).Pointer;

    /// <summary>ȧ.</summary>
    public T* Tangent => Lender is { } lender ? lender.Tangent : (tangent ??= new(length)).Pointer;

    /// <summary>ė.</summary>
    public T* AdjointTangent => Lender is { } lender ? lender.AdjointTangent : (adjointTangent ??= new(length)).Pointer;

    /// <summary>The values of a program, by their places.</summary>
    /// <param name="program">The program.</param>
    /// <param name="capacity">The most examples of a batch.</param>
    public static ManagedValue<T>[] Of(NetworkProgram program, int capacity)
    {
        var values = new ManagedValue<T>[program.ValueCount];
        values[0] = new(capacity, program.Input.Shape.Count, dependsOnWeights: false);
        foreach (var operation in program.Operations)
            values[operation.Output.Index] = new(capacity, operation.OutputShape.Count,
                operation.Parameters.Count > 0 || operation.Inputs.Any(input => values[input.Index].DependsOnWeights));
        return values;
    }

    public void Dispose()
    {
        data?.Dispose();
        adjoint?.Dispose();
        tangent?.Dispose();
        adjointTangent?.Dispose();
    }
}
