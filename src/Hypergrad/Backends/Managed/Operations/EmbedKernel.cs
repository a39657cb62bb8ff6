using System.Numerics;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// a′_p = the row of the table E that token p names. Backward, ∂E_r = Σ e_p over the places p of token r, in their order. Tokens have no
/// derivative.
/// </summary>
internal sealed unsafe class EmbedKernel<T>(Embed operation, OperationInput<T> tokens, ManagedValue<T> output, Team<T> team)
    : OperationKernel<T> where T : unmanaged, INumber<T>
{
    /// <summary>Rows of the table looked for together in all tokens.</summary>
    private readonly int share = Math.Max(16, (operation.Table.Rows + 63) / 64);

    private readonly int table = operation.Table.Offset, vocabulary = operation.Table.Rows, width = operation.Table.Columns;
    private readonly int length = operation.Tokens.Shape.Count;

    public override void Forward(in PassContext<T> context) => Gather(context.Weights + table, output.Data, context.Batch);

    public override void Backward(in PassContext<T> context) =>
        Scatter(output.Adjoint, context.Gradient + table, context.Batch, context.Accumulate);

    public override void TangentForward(in PassContext<T> context) => Gather(context.Direction + table, output.Tangent, context.Batch);

    public override void TangentBackward(in PassContext<T> context) =>
        Scatter(output.AdjointTangent, context.HessianProduct + table, context.Batch, false);

    private void Gather(T* rows, T* target, int batch)
    {
        T* numbers = tokens.Value.Data;
        team.Workers.For(batch, example =>
        {
            for (long place = (long)example * length, end = place + length; place < end; place++)
                RowOf(rows, int.CreateTruncating(numbers[place])).CopyTo(RowOf(target, place));
        });
    }

    // Each share of the table is one worker's.
    private void Scatter(T* source, T* rows, int batch, bool accumulate)
    {
        T* numbers = tokens.Value.Data;
        long places = (long)batch * length;
        team.Workers.For((vocabulary + share - 1) / share, part =>
        {
            int first = part * share, end = Math.Min(vocabulary, first + share);
            if (!accumulate)
                new Span<T>(rows + (long)first * width, (end - first) * width).Clear();
            for (long place = 0; place < places; place++)
            {
                int token = int.CreateTruncating(numbers[place]);
                if (token < first || token >= end)
                    continue;
                T* row = rows + (long)token * width;
                Elementwise.Add(row, source + place * width, row, width);
            }
        });
    }

    private Span<T> RowOf(T* rows, long row) => new(rows + row * width, width);
}
