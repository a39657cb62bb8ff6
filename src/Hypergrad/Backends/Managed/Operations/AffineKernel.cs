using System.Numerics;
using Hypergrad.Backends.Managed.Memory;
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
    private readonly AffineProducts<T> products;
    private readonly ActivationPasses<T>? activation;
    private readonly Room<T>? sum, delta, sumTangent;
    private readonly int weight, bias, outputs, positions;

    public AffineKernel(
        Affine operation, OperationInput<T> input, ManagedValue<T> output, Team<T> team, int capacity, bool adjointsLast)
    {
        (this.input, this.output, this.team) = (input, output, team);
        (weight, bias) = (operation.Weight.Offset, operation.Bias.Offset);
        (outputs, positions) = (operation.Weight.Columns, operation.OutputShape.Positions);
        products = AffineProducts<T>.For(operation, team);
        if (operation.Activation == Activation.Identity)
            return;
        activation = ActivationPasses<T>.For(operation.Activation);
        if (!activation.IsPiecewiseLinear)
            sumTangent = new((long)capacity * output.Size);
        if (!activation.IsPiecewiseLinear && adjointsLast)
            delta = new((long)capacity * output.Size);
        if (activation.KeepsInput)
            sum = new((long)capacity * output.Size);
    }

    // z; where the derivatives do not look at it, a′ takes its place.
    private T* Sum => sum is null ? output.Data : sum.Pointer;

    // In place of e, unless the tangents need that after it.
    private T* Delta => delta is null ? output.Adjoint : delta.Pointer;

    // ż; where the tangents do without it, ȧ′ takes its place.
    private T* SumTangent => sumTangent is null ? output.Tangent : sumTangent.Pointer;

    public override void Forward(in PassContext<T> context)
    {
        T* z = Sum;
        products.Forward(input.Value.Data, context.Weights + weight, context.Weights + bias, z, context.Batch);
        if (activation is null)
            return;
        T* a = output.Data;
        team.ForEachChunk(Count(context), (start, count) => activation.Forward(z + start, a + start, count));
    }

    public override void Backward(in PassContext<T> context)
    {
        if (activation is not null)
        {
            T* z = Sum, a = output.Data, e = output.Adjoint, delta = Delta;
            team.ForEachChunk(Count(context), (start, count) =>
                activation.Backward(z + start, a + start, e + start, delta + start, count));
        }
        PullBack(context, Delta);
    }

    private void PullBack(in PassContext<T> context, T* delta)
    {
        products.WeightGradient(input.Value.Data, delta, context.Gradient + weight, context.Batch, context.Accumulate);
        team.SumRows(delta, context.Gradient + bias, context.Batch * positions, outputs, context.Accumulate);
        if (input.WantsAdjoint)
            products.InputAdjoint(delta, context.Weights + weight, input.Value.Adjoint, context.Batch, input.AddsToAdjoint);
    }

    public override void TangentForward(in PassContext<T> context)
    {
        T* along = SumTangent;
        AlongWeights(context, along);
        if (activation is null)
            return;
        T* z = Sum, a = output.Data, tangent = output.Tangent;
        team.ForEachChunk(Count(context), (start, count) =>
            activation.TangentForward(z + start, a + start, along + start, tangent + start, count));
    }

    private void AlongWeights(in PassContext<T> context, T* along)
    {
        products.Forward(input.Value.Data, context.Direction + weight, context.Direction + bias, along, context.Batch);
        if (input.Value.DependsOnWeights)
            products.Forward(input.Value.Tangent, context.Weights + weight, null, along, context.Batch);
    }

    public override void TangentBackward(in PassContext<T> context)
    {
        T* along = output.AdjointTangent;
        if (activation is not null)
        {
            T* z = Sum, a = output.Data, e = output.Adjoint, sumAlong = SumTangent;
            team.ForEachChunk(Count(context), (start, count) =>
            {
                if (activation.IsPiecewiseLinear)
                    activation.Backward(z + start, a + start, along + start, along + start, count);
                else
                    activation.TangentBackward(z + start, a + start, e + start, sumAlong + start, along + start, count);
            });
        }
        PullBackTangent(context, Delta, along);
    }

    private void PullBackTangent(in PassContext<T> context, T* delta, T* along)
    {
        T* product = context.HessianProduct + weight;
        products.WeightGradient(input.Value.Data, along, product, context.Batch, false);
        team.SumRows(along, context.HessianProduct + bias, context.Batch * positions, outputs, false);
        if (input.Value.DependsOnWeights)
            products.WeightGradient(input.Value.Tangent, delta, product, context.Batch, true);
        if (!input.WantsAdjointTangent(context))
            return;
        T* target = input.Value.AdjointTangent;
        products.InputAdjoint(along, context.Weights + weight, target, context.Batch, input.AddsToAdjoint);
        products.InputAdjoint(delta, context.Direction + weight, target, context.Batch, true);
    }

    public override void ForwardWithTangent(in PassContext<T> context)
    {
        T* z = Sum, a = output.Data, along = SumTangent, tangent = output.Tangent;
        products.Forward(input.Value.Data, context.Weights + weight, context.Weights + bias, z, context.Batch);
        AlongWeights(context, along);
        if (activation is not null)
            team.ForEachChunk(Count(context), (start, count) =>
                activation.ForwardWithTangent(z + start, a + start, along + start, tangent + start, count));
    }

    public override void BackwardWithTangent(in PassContext<T> context)
    {
        T* z = Sum, a = output.Data, e = output.Adjoint, sumAlong = SumTangent, along = output.AdjointTangent;
        if (activation is not null)
            team.ForEachChunk(Count(context), (start, count) =>
                activation.BackwardWithTangent(z + start, a + start, e + start, sumAlong + start, along + start, count));
        PullBack(context, e);
        PullBackTangent(context, e, along);
    }

    public override void Dispose()
    {
        products.Dispose();
        sum?.Dispose();
        delta?.Dispose();
        sumTangent?.Dispose();
        base.Dispose();
    }

    private long Count(in PassContext<T> context) => (long)context.Batch * output.Size;
}
