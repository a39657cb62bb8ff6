using System.Numerics;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>a′ = a + b: the adjoint goes on to both, and so do the tangents.</summary>
internal sealed unsafe class AddKernel<T>(OperationInput<T> left, OperationInput<T> right, ManagedValue<T> output, Team<T> team)
    : OperationKernel<T> where T : unmanaged, INumberBase<T>
{
    public override void Forward(in PassContext<T> context) =>
        Add(left.Value.Data, right.Value.Data, output.Data, Count(context));

    public override void Backward(in PassContext<T> context)
    {
        foreach (var input in (ReadOnlySpan<OperationInput<T>>)[left, right])
            if (input.WantsAdjoint)
                team.PassOn(output.Adjoint, input.Value.Adjoint, Count(context), input.AddsToAdjoint);
    }

    public override void TangentForward(in PassContext<T> context)
    {
        if (left.Value.DependsOnWeights && right.Value.DependsOnWeights)
            Add(left.Value.Tangent, right.Value.Tangent, output.Tangent, Count(context));
        else if (output.DependsOnWeights)
            team.PassOn((left.Value.DependsOnWeights ? left : right).Value.Tangent, output.Tangent, Count(context), add: false);
    }

    public override void TangentBackward(in PassContext<T> context)
    {
        foreach (var input in (ReadOnlySpan<OperationInput<T>>)[left, right])
            if (input.WantsAdjointTangent(context))
                team.PassOn(output.AdjointTangent, input.Value.AdjointTangent, Count(context), input.AddsToAdjoint);
    }

    private void Add(T* a, T* b, T* target, long count) =>
        team.ForEachChunk(count, (start, size) => Elementwise.Add(a + start, b + start, target + start, size));

    private long Count(in PassContext<T> context) => (long)context.Batch * output.Size;
}
