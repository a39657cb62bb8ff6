using System.Numerics;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Networks;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// a′ = f ∘ a with the factors f = mask / (1 − rate) of the step: every other pass multiplies by the same. In evaluation a′ = a.
/// </summary>
internal sealed unsafe class DropUnitsKernel<T>(
    DropUnits operation, OperationInput<T> input, ManagedValue<T> output, Team<T> team, int capacity, ulong seed)
    : OperationKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly NativeBuffer<T> factors = new((long)capacity * output.Size);
    private readonly uint threshold = DropoutMask.Threshold(operation.Rate);
    private readonly T kept = T.CreateTruncating(1 / (1 - operation.Rate));

    public override void Forward(in PassContext<T> context)
    {
        T* a = input.Value.Data, result = output.Data, f = factors.Pointer;
        if (!context.IsTraining)
        {
            team.PassOn(a, result, Count(context), add: false);
            return;
        }
        var words = new PhiloxVectors(seed, DropoutMask.StreamOf(operation.Ordinal, context.Replica));
        ulong first = DropoutMask.FirstWord(context.Step) + (ulong)context.FirstRow * (ulong)output.Size;
        team.ForEachChunk(Count(context), (start, count) =>
        {
            words.Mask(first + (ulong)start, threshold, kept, f + start, count);
            Elementwise.Multiply(a + start, f + start, result + start, count);
        });
    }

    public override void Backward(in PassContext<T> context)
    {
        if (input.WantsAdjoint)
            PassOn(output.Adjoint, input.Value.Adjoint, context, input.AddsToAdjoint);
    }

    public override void TangentForward(in PassContext<T> context)
    {
        if (output.DependsOnWeights)
            PassOn(input.Value.Tangent, output.Tangent, context, add: false);
    }

    public override void TangentBackward(in PassContext<T> context)
    {
        if (input.WantsAdjointTangent(context))
            PassOn(output.AdjointTangent, input.Value.AdjointTangent, context, input.AddsToAdjoint);
    }

    public override void Dispose()
    {
        base.Dispose();
        factors.Dispose();
    }

    private void PassOn(T* source, T* target, in PassContext<T> context, bool add)
    {
        T* f = factors.Pointer;
        if (!context.IsTraining)
            team.PassOn(source, target, Count(context), add);
        else
            team.ForEachChunk(Count(context), (start, count) =>
            {
                if (add)
                    Elementwise.AddProduct(source + start, f + start, target + start, count);
                else
                    Elementwise.Multiply(source + start, f + start, target + start, count);
            });
    }

    private long Count(in PassContext<T> context) => (long)context.Batch * output.Size;
}
