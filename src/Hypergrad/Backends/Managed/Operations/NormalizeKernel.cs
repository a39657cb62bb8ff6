using System.Numerics;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// a′ = γ∘x̂ + β, x̂ = r (a − ⟨a⟩), r = 1/√(⟨(a − ⟨a⟩)²⟩ + ε), ⟨·⟩ the mean over a set. Backward, with h = γ∘e and s = h − ⟨h⟩ − x̂⟨h∘x̂⟩:
/// r s, ∂γ = Σ e∘x̂, ∂β = Σ e. Along ȧ and (γ̇, β̇): x̂̇ = r (ȧ − ⟨ȧ⟩ − x̂ q), q = ⟨x̂∘ȧ⟩, ȧ′ = γ∘x̂̇ + γ̇∘x̂ + β̇; and back, with
/// ḣ = γ̇∘e + γ∘ė: r (ṡ − r q s), ṡ = ḣ − ⟨ḣ⟩ − x̂⟨ḣ∘x̂ + h∘x̂̇⟩ − x̂̇⟨h∘x̂⟩, R∂γ = Σ ė∘x̂ + e∘x̂̇, R∂β = Σ ė.
/// </summary>
internal sealed unsafe partial class NormalizeKernel<T> : OperationKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Rows of channels that a block is worked on with.</summary>
    private const int ScratchRows = 6;

    private readonly OperationInput<T> input;
    private readonly ManagedValue<T> output;
    private readonly Team<T> team;
    private readonly ChannelSets<T> sets;
    private readonly int scale, shift, channels, blocks;

    // x̂, [batch × size]; r, [batch × blocks × groups]; ∂γ and ∂β of every example, [batch × channels].
    private readonly NativeBuffer<T> normalized, inverses, scaleParts, shiftParts;

    // x̂̇ and q, which stay 0 where the input does not depend on weights.
    private NativeBuffer<T>? normalizedTangent, correlations;

    public NormalizeKernel(Normalize operation, OperationInput<T> input, ManagedValue<T> output, Team<T> team, int capacity)
    {
        (this.input, this.output, this.team) = (input, output, team);
        (scale, shift, channels) = (operation.Scale.Offset, operation.Shift.Offset, operation.Scale.Count);
        sets = new(operation.Positions, channels, operation.Groups);
        blocks = output.Size / sets.Count;
        normalized = new((long)capacity * output.Size);
        inverses = new((long)capacity * blocks * sets.Groups);
        (scaleParts, shiftParts) = (new((long)capacity * channels), new((long)capacity * channels));
    }

    private delegate void BlockAction(in Block block);

    public override void Forward(in PassContext<T> context)
    {
        T* a = input.Value.Data, result = output.Data, gamma = context.Weights + scale, beta = context.Weights + shift;
        ForEachBlock(context.Batch, (in Block block) =>
        {
            T* mean = block.Row(0), inverse = block.Row(1), from = a + block.Start, normal = normalized.Pointer + block.Start;
            if (sets.AreRows)
            {
                NormalizeRow(from, gamma, beta, normal, result + block.Start, inverses.Pointer + block.Set);
                return;
            }
            sets.Sum(from, mean);
            sets.Average(mean);
            sets.SumSquares(from, mean, inverse);
            sets.Average(inverse);
            Invert(inverse, inverses.Pointer + block.Set);
            Finish(from, mean, inverse, gamma, beta, normal, result + block.Start);
        });
    }

    public override void Backward(in PassContext<T> context)
    {
        T* e = output.Adjoint, target = input.WantsAdjoint ? input.Value.Adjoint : null, gamma = context.Weights + scale;
        ForEachBlock(context.Batch, (in Block block) =>
        {
            T* normal = normalized.Pointer + block.Start, from = e + block.Start;
            if (sets.AreRows)
            {
                PullBackRow(block, from, normal, gamma, inverses.Pointer[block.Set], target is null ? null : target + block.Start);
                return;
            }
            var moments = new Moments(block.Row(0), block.Row(1));
            sets.SumMoments(from, normal, moments.Mean, moments.Product);
            AddToParts(block, moments);
            if (target is null)
                return;
            Average(moments, gamma);
            sets.Spread(inverses.Pointer + block.Set, block.Row(2));
            PullBack(from, normal, gamma, moments, block.Row(2), target + block.Start);
        });
        SumParts(context.Gradient, context.Batch, context.Accumulate);
    }

    public override void TangentForward(in PassContext<T> context)
    {
        normalizedTangent ??= new(normalized.Length);
        correlations ??= new(inverses.Length);
        T* along = input.Value.DependsOnWeights ? input.Value.Tangent : null, tangent = output.Tangent;
        T* gamma = context.Weights + scale, gammaTangent = context.Direction + scale, betaTangent = context.Direction + shift;
        ForEachBlock(context.Batch, (in Block block) =>
        {
            T* normal = normalized.Pointer + block.Start, turn = normalizedTangent.Pointer + block.Start;
            if (along is not null && sets.AreRows)
            {
                correlations.Pointer[block.Set] = TurnRow(along + block.Start, normal, inverses.Pointer[block.Set], turn);
            }
            else if (along is not null)
            {
                var moments = new Moments(block.Row(0), block.Row(1));
                sets.SumMoments(along + block.Start, normal, moments.Mean, moments.Product);
                sets.Average(moments.Mean);
                sets.Average(moments.Product);
                sets.Collect(moments.Product, correlations.Pointer + block.Set);
                sets.Spread(inverses.Pointer + block.Set, block.Row(2));
                Turn(along + block.Start, normal, moments, block.Row(2), turn);
            }
            FinishTangent(normal, turn, gamma, gammaTangent, betaTangent, tangent + block.Start);
        });
    }

    public override void TangentBackward(in PassContext<T> context)
    {
        T* e = output.Adjoint, along = output.AdjointTangent, gamma = context.Weights + scale, gammaTangent = context.Direction + scale;
        T* target = input.WantsAdjointTangent(context) ? input.Value.AdjointTangent : null;
        ForEachBlock(context.Batch, (in Block block) =>
        {
            T* normal = normalized.Pointer + block.Start, turn = normalizedTangent!.Pointer + block.Start, from = e + block.Start;
            if (sets.AreRows)
            {
                PullBackRowTangent(block, from, along + block.Start, normal, turn, gamma, gammaTangent,
                    inverses.Pointer[block.Set], correlations!.Pointer[block.Set], target is null ? null : target + block.Start);
                return;
            }
            Moments moments = new(block.Row(0), block.Row(1)), tangents = new(block.Row(2), block.Row(3));
            sets.SumMomentTangents(from, normal, along + block.Start, turn, tangents.Mean, tangents.Product);
            AddToParts(block, tangents);
            if (target is null)
                return;
            sets.SumMoments(from, normal, moments.Mean, moments.Product);
            AverageTangents(tangents, gamma, moments, gammaTangent);
            Average(moments, gamma);
            sets.Spread(inverses.Pointer + block.Set, block.Row(4));
            sets.Spread(correlations!.Pointer + block.Set, block.Row(5));
            PullBackTangent(from, along + block.Start, normal, turn, gamma, gammaTangent, moments, tangents, block.Row(4), block.Row(5),
                target + block.Start);
        });
        SumParts(context.HessianProduct, context.Batch, false);
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var buffer in new[] { normalized, inverses, scaleParts, shiftParts, normalizedTangent, correlations })
            buffer?.Dispose();
    }

    // Shares the examples out; the blocks of one are done in their order.
    private void ForEachBlock(int batch, BlockAction body) => team.Workers.For(batch, (example, worker) =>
    {
        T* scratch = team.Scratch(worker, ScratchRows * channels);
        for (int i = 0; i < blocks; i++)
        {
            int block = example * blocks + i;
            body(new(example, i == 0, (long)block * sets.Count, (long)block * sets.Groups, scratch, channels));
        }
    });

    private void AddToParts(in Block block, in Moments moments)
    {
        Rows.Sum(moments.Product, ScalePart(block), 1, channels, !block.IsFirst);
        Rows.Sum(moments.Mean, ShiftPart(block), 1, channels, !block.IsFirst);
    }

    private T* ScalePart(in Block block) => scaleParts.Pointer + (long)block.Example * channels;

    private T* ShiftPart(in Block block) => shiftParts.Pointer + (long)block.Example * channels;

    private void SumParts(T* gradient, int batch, bool accumulate)
    {
        team.SumRows(scaleParts.Pointer, gradient + scale, batch, channels, accumulate);
        team.SumRows(shiftParts.Pointer, gradient + shift, batch, channels, accumulate);
    }

    /// <summary>A block of an example.</summary>
    private readonly struct Block(int example, bool isFirst, long start, long set, T* scratch, int channels)
    {
        /// <summary>The example.</summary>
        public int Example => example;

        /// <summary>Whether it is the example's first.</summary>
        public bool IsFirst => isFirst;

        /// <summary>Where it starts in a value.</summary>
        public long Start => start;

        /// <summary>Its first set.</summary>
        public long Set => set;

        /// <summary>A row of channels to work with.</summary>
        public T* Row(int index) => scratch + index * channels;
    }

    /// <summary>Of some x, the sums over the positions of x and of x∘x̂, and then their means over the sets.</summary>
    private readonly struct Moments(T* mean, T* product)
    {
        /// <summary>Of x, [channels].</summary>
        public T* Mean => mean;

        /// <summary>Of x∘x̂, [channels].</summary>
        public T* Product => product;
    }
}
