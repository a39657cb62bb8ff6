using System.Numerics;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Backends.Managed.Simd.Activations;
using Hypergrad.Networks;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// a′ = φ(z), z = aW + b, over the rows of a batch. Backward: δ = e ∘ φ′(z), ∂W = aᵀδ, ∂b = Σ δ, e = δWᵀ. Along (U, u_b):
/// ż = aU + ȧW + u_b, ȧ′ = φ′(z) ∘ ż; and back, δ̇ = ė ∘ φ′(z) + e ∘ φ″(z) ∘ ż, R∂W = aᵀδ̇ + ȧᵀδ, R∂b = Σ δ̇, ė = δ̇Wᵀ + δUᵀ.
/// </summary>
internal sealed unsafe class AffineKernel<T> : OperationKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly OperationInput<T> input;
    private readonly ManagedValue<T> output;
    private readonly Team<T> team;
    private readonly ActivationPasses<T>? activation;
    private readonly NativeBuffer<T>? sum, delta;
    private readonly int weight, bias, inputs, outputs, positions;
    private NativeBuffer<T>? sumTangent;

    public AffineKernel(Affine operation, OperationInput<T> input, ManagedValue<T> output, Team<T> team, int capacity)
    {
        (this.input, this.output, this.team) = (input, output, team);
        (weight, bias) = (operation.Weight.Offset, operation.Bias.Offset);
        (inputs, outputs) = (operation.Weight.Rows, operation.Weight.Columns);
        positions = operation.OutputShape.Positions;
        if (operation.Activation == Activation.Identity)
            return;
        activation = ActivationPasses<T>.For(operation.Activation);
        delta = new((long)capacity * output.Size);
        if (activation.KeepsInput)
            sum = new((long)capacity * output.Size);
    }

    // z; where the derivatives do not look at it, a′ takes its place.
    private T* Sum => sum is null ? output.Data : sum.Pointer;

    // Without an activation these are those of the output.
    private T* Delta => delta is null ? output.Adjoint : delta.Pointer;

    private T* SumTangent => activation is null ? output.Tangent : (sumTangent ??= new(delta!.Length)).Pointer;

    public override void Forward(in PassContext<T> context)
    {
        int rows = context.Batch * positions;
        T* z = Sum;
        Rows.Broadcast(context.Weights + bias, z, rows, outputs);
        team.Multiply(input.Value.Data, false, context.Weights + weight, false, z, rows, outputs, inputs, true);
        if (activation is null)
            return;
        T* a = output.Data;
        team.ForEachChunk((long)rows * outputs, (start, count) => activation.Forward(z + start, a + start, count));
    }

    public override void Backward(in PassContext<T> context)
    {
        int rows = context.Batch * positions;
        T* delta = Delta;
        if (activation is not null)
        {
            T* z = Sum, a = output.Data, e = output.Adjoint;
            team.ForEachChunk((long)rows * outputs, (start, count) =>
                activation.Backward(z + start, a + start, e + start, delta + start, count));
        }
        team.Multiply(input.Value.Data, true, delta, false, context.Gradient + weight, inputs, outputs, rows, context.Accumulate);
        Rows.Sum(delta, context.Gradient + bias, rows, outputs, context.Accumulate);
        if (input.WantsAdjoint)
            team.Multiply(
                delta, false, context.Weights + weight, true, input.Value.Adjoint, rows, inputs, outputs, input.AddsToAdjoint);
    }

    public override void TangentForward(in PassContext<T> context)
    {
        int rows = context.Batch * positions;
        T* along = SumTangent;
        Rows.Broadcast(context.Direction + bias, along, rows, outputs);
        team.Multiply(input.Value.Data, false, context.Direction + weight, false, along, rows, outputs, inputs, true);
        if (input.Value.DependsOnWeights)
            team.Multiply(input.Value.Tangent, false, context.Weights + weight, false, along, rows, outputs, inputs, true);
        if (activation is null)
            return;
        T* z = Sum, a = output.Data, tangent = output.Tangent;
        team.ForEachChunk((long)rows * outputs, (start, count) =>
            activation.TangentForward(z + start, a + start, along + start, tangent + start, count));
    }

    public override void TangentBackward(in PassContext<T> context)
    {
        int rows = context.Batch * positions;
        T* along = output.AdjointTangent;
        if (activation is not null)
        {
            T* z = Sum, a = output.Data, e = output.Adjoint, sumAlong = SumTangent;
            team.ForEachChunk((long)rows * outputs, (start, count) =>
                activation.TangentBackward(z + start, a + start, e + start, sumAlong + start, along + start, count));
        }
        T* product = context.HessianProduct + weight;
        team.Multiply(input.Value.Data, true, along, false, product, inputs, outputs, rows, false);
        Rows.Sum(along, context.HessianProduct + bias, rows, outputs, false);
        if (input.Value.DependsOnWeights)
            team.Multiply(input.Value.Tangent, true, Delta, false, product, inputs, outputs, rows, true);
        if (!input.WantsAdjointTangent(context))
            return;
        T* target = input.Value.AdjointTangent;
        team.Multiply(along, false, context.Weights + weight, true, target, rows, inputs, outputs, input.AddsToAdjoint);
        team.Multiply(Delta, false, context.Direction + weight, true, target, rows, inputs, outputs, true);
    }

    public override void Dispose()
    {
        sum?.Dispose();
        delta?.Dispose();
        sumTangent?.Dispose();
        base.Dispose();
    }
}
