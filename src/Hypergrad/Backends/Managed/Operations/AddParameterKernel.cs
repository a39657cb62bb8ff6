using System.Numerics;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>a′ = a + p for every example: ∂p = Σ e over the examples, and the adjoint goes on; so do the tangents.</summary>
internal sealed unsafe class AddParameterKernel<T>(
    AddParameter operation, OperationInput<T> input, ManagedValue<T> output, Team<T> team)
    : OperationKernel<T> where T : unmanaged, INumberBase<T>
{
    private readonly int parameter = operation.Parameter.Offset, size = output.Size;

    public override void Forward(in PassContext<T> context) =>
        Add(input.Value.Data, context.Weights + parameter, output.Data, context.Batch);

    public override void Backward(in PassContext<T> context)
    {
        team.SumLongRows(output.Adjoint, context.Gradient + parameter, context.Batch, size, context.Accumulate);
        if (input.WantsAdjoint)
            team.PassOn(output.Adjoint, input.Value.Adjoint, (long)context.Batch * size, input.AddsToAdjoint);
    }

    public override void TangentForward(in PassContext<T> context)
    {
        if (input.Value.DependsOnWeights)
            Add(input.Value.Tangent, context.Direction + parameter, output.Tangent, context.Batch);
        else
            team.Broadcast(context.Direction + parameter, output.Tangent, context.Batch, size);
    }

    public override void TangentBackward(in PassContext<T> context)
    {
        team.SumLongRows(output.AdjointTangent, context.HessianProduct + parameter, context.Batch, size, false);
        if (input.WantsAdjointTangent(context))
            team.PassOn(output.AdjointTangent, input.Value.AdjointTangent, (long)context.Batch * size, input.AddsToAdjoint);
    }

    private void Add(T* a, T* p, T* target, int batch) => team.Workers.For(batch, example =>
        Elementwise.Add(a + (long)example * size, p, target + (long)example * size, size));
}
