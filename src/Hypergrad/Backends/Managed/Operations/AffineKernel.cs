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
    private readonly AffineProducts<T> products;
    private readonly ActivationPasses<T>? activation;
    private readonly Room<T>? sum, delta, sumTangent;
    private readonly int weight, bias, outputs, positions;
    private readonly Lasting lasting;

    public AffineKernel(
        Affine operation, OperationInput<T> input, ManagedValue<T> output, Team<T> team, int capacity, Lasting lasting)
    {
        (this.input, this.output, this.team, this.lasting) = (input, output, team, lasting);
        (weight, bias) = (operation.Weight.Offset, operation.Bias.Offset);
        (outputs, positions) = (operation.Weight.Columns, operation.OutputShape.Positions);
        products = AffineProducts<T>.For(operation, team);
        if (operation.Activation == Activation.Identity)
            return;
        activation = ActivationPasses<T>.For(operation.Activation);
        if (!activation.IsPiecewiseLinear)
            sumTangent = new((long)capacity * output.Size);
        if (!activation.IsPiecewiseLinear && lasting == Lasting.All)
            delta = new((long)capacity * output.Size);
        if (activation.KeepsInput)
            sum = new((long)capacity * output.Size);
    }

    // z; where the derivatives do not look at it, a′ takes its place.
    private T* Sum => sum is null ? output.Data : sum.Pointer;

    // φ′(z) in place of z: where nothing lasts, nothing but the backward pass comes after the forward one by itself.
    private bool KeepsSlope => sum is not null && lasting == Lasting.Nothing;

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
        team.ForEachChunk(Count(context), (start, count) =>
        {
            if (KeepsSlope)
                activation.ForwardWithSlope(z + start, a + start, count);
            else
                activation.Forward(z + start, a + start, count);
        });
    }

    public override void Backward(in PassContext<T> context)
    {
        T* delta = Delta;
        if (activation is not null)
        {
            T* z = Sum, a = output.Data, e = output.Adjoint;
            team.ForEachChunk(Count(context), (start, count) =>
            {
                if (KeepsSlope)
                    Elementwise.Multiply(z + start, e + start, delta + start, count);
                else
                    activation.Backward(z + start, a + start, e + start, delta + start, count);
            });
        }
        products.WeightGradient(input.Value.Data, delta, context.Gradient + weight, context.Batch, context.Accumulate);
        team.SumRows(delta, context.Gradient + bias, context.Batch * positions, outputs, context.Accumulate);
        if (input.WantsAdjoint)
            products.InputAdjoint(delta, context.Weights + weight, input.Value.Adjoint, context.Batch, input.AddsToAdjoint);
    }

    public override void TangentForward(in PassContext<T> context)
    {
        T* along = SumTangent;
        products.Forward(Input, Parameter(context, weight), Parameter(context, bias), new(null, along), context.Batch);
        if (activation is null)
            return;
        T* z = Sum, a = output.Data, tangent = output.Tangent;
        team.ForEachChunk(Count(context), (start, count) =>
            activation.TangentForward(z + start, a + start, along + start, tangent + start, count));
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
        PullBack(context, new(Delta, along), tangentsAlone: true);
    }

    public override void TangentForwardOfKept(in PassContext<T> context)
    {
        if (activation is not { KeepsInput: true })
        {
            TangentForward(context);
            return;
        }
        T* z = Sum, a = output.Data, along = SumTangent, tangent = output.Tangent;
        products.Forward(Input, Parameter(context, weight), Parameter(context, bias), new(null, along), context.Batch);
        team.ForEachChunk(Count(context), (start, count) =>
            activation.ForwardWithTangent(z + start, a + start, along + start, tangent + start, count));
    }

    public override void ForwardWithTangent(in PassContext<T> context)
    {
        T* z = Sum, a = output.Data, along = SumTangent, tangent = output.Tangent;
        products.Forward(Input, Parameter(context, weight), Parameter(context, bias), new(z, along), context.Batch);
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
        PullBack(context, new(e, along), tangentsAlone: false);
    }

    public override void Dispose()
    {
        products.Dispose();
        sum?.Dispose();
        delta?.Dispose();
        sumTangent?.Dispose();
        base.Dispose();
    }

    private Dual<T> Input => new(input.Value.Data, input.Value.DependsOnWeights ? input.Value.Tangent : null);

    private static Dual<T> Parameter(in PassContext<T> context, int offset) => new(context.Weights + offset, context.Direction + offset);

    private void PullBack(in PassContext<T> context, Dual<T> delta, bool tangentsAlone)
    {
        T* gradient = tangentsAlone ? null : context.Gradient, product = context.HessianProduct;
        products.WeightGradient(
            Input, delta, new(gradient is null ? null : gradient + weight, product + weight), context.Batch, context.Accumulate);
        if (gradient is not null)
            team.SumRows(delta.Value, gradient + bias, context.Batch * positions, outputs, context.Accumulate);
        team.SumRows(delta.Tangent, product + bias, context.Batch * positions, outputs, false);
        if (input.WantsAdjointTangent(context))
            products.InputAdjoint(
                delta, Parameter(context, weight),
                new(tangentsAlone || !input.WantsAdjoint ? null : input.Value.Adjoint, input.Value.AdjointTangent),
                context.Batch, input.AddsToAdjoint);
    }

    private long Count(in PassContext<T> context) => (long)context.Batch * output.Size;
}
