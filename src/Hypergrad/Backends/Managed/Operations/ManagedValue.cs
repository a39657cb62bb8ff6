using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Networks;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// What a value of a program is during the passes over a batch, four arrays [batch × size]: the value a, its adjoint e = ∂L/∂a, its tangent
/// ȧ along the direction and the adjoint's tangent ė. Each is made when it is first asked for.
/// </summary>
internal sealed unsafe class ManagedValue<T> : IDisposable where T : unmanaged
{
    private readonly Room<T> data, adjoint, tangent, adjointTangent;

    private ManagedValue(long capacity, int size, bool dependsOnWeights, Room<T>? adjoint, Room<T>? adjointTangent)
    {
        (Size, DependsOnWeights) = (size, dependsOnWeights);
        (data, tangent) = (new(capacity * size), new(capacity * size));
        this.adjoint = adjoint ?? new(capacity * size);
        this.adjointTangent = adjointTangent ?? new(capacity * size);
    }

    /// <summary>Numbers of an example.</summary>
    public int Size { get; }

    /// <summary>Whether it changes with the weights: only then has it a tangent, and is its adjoint wanted.</summary>
    public bool DependsOnWeights { get; }

    /// <summary>The value whose room for tangents it uses; null for room of its own.</summary>
    public ManagedValue<T>? Lender { get; set; }

    /// <summary>The value whose room for adjoints it uses; null for room of its own.</summary>
    public ManagedValue<T>? AdjointLender { get; set; }

    /// <summary>The value whose room it uses itself; null for room of its own.</summary>
    public ManagedValue<T>? DataLender { get; set; }

    /// <summary>a.</summary>
    public T* Data => DataLender is { } lender ? lender.Data : data.Pointer;

    /// <summary>e.</summary>
    public T* Adjoint => AdjointLender is { } lender ? lender.Adjoint : adjoint.Pointer;

    /// <summary>ȧ.</summary>
    public T* Tangent => Lender is { } lender ? lender.Tangent : tangent.Pointer;

    /// <summary>ė.</summary>
    public T* AdjointTangent => Lender is { } lender ? lender.AdjointTangent : adjointTangent.Pointer;

    /// <summary>The values of a program, by their indices.</summary>
    /// <param name="program">The program.</param>
    /// <param name="capacity">The most examples of a batch.</param>
    /// <param name="places">Where adjoints and their tangents lie; null where each has room of its own, and lasts.</param>
    public static ManagedValue<T>[] Of(NetworkProgram program, int capacity, AdjointPlaces? places = null)
    {
        var (adjoints, tangents) = (Rooms(), Rooms());
        var values = new ManagedValue<T>[program.ValueCount];
        values[0] = new(capacity, program.Input.Shape.Count, dependsOnWeights: false, null, null);
        foreach (var operation in program.Operations)
        {
            int index = operation.Output.Index;
            values[index] = new(capacity, operation.OutputShape.Count,
                operation.Parameters.Count > 0 || operation.Inputs.Any(input => values[input.Index].DependsOnWeights),
                adjoints?[places!.Of(index)], tangents?[places!.Of(index)]);
        }
        return values;

        Room<T>[]? Rooms() => places is null ? null : [.. places.Sizes.Select(size => new Room<T>((long)capacity * size))];
    }

    public void Dispose()
    {
        foreach (var room in (ReadOnlySpan<Room<T>>)[data, adjoint, tangent, adjointTangent])
            room.Dispose();
    }
}
