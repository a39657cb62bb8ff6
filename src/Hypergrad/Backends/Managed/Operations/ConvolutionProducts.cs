using System.Numerics;
using Hypergrad.Backends.Managed.Products;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// The rows are the windows on every image. They are laid out (im2col) for a few lines of windows at a time, so that what a worker lays out
/// is multiplied while it is in its cache. How lines are put together follows from the shapes alone, and with it the order of every sum.
/// </summary>
internal sealed unsafe class ConvolutionProducts<T>(Affine operation, Patches patches, Team<T> team) : AffineProducts<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Bytes of a block of windows that stay in the second-level cache.</summary>
    private const int BlockBytes = 256 << 10;

    /// <summary>Windows of a block below which packing the weights for it costs too much.</summary>
    private const int LeastWindows = 192;

    /// <summary>Sums of ∂W that are formed side by side, and the numbers in all of them together.</summary>
    private const int MostParts = 32, LeastParts = 4, PartNumbers = 1 << 21;

    private readonly PatchRows<T> rows = new(patches);
    private readonly int size = patches.Size, outputs = operation.Weight.Columns;
    private readonly int width = patches.OutputWidth, height = patches.OutputHeight;
    private readonly int image = patches.InputHeight * patches.InputWidth * patches.Channels;

    private readonly int blockLines = Blocking.DivideUp(
        Math.Max(LeastWindows, BlockBytes / (patches.Size * sizeof(T))), patches.OutputWidth);

    public override void Forward(T* a, T* weight, T* bias, T* z, int batch) =>
        Forward(new(a, null), new(weight, null), new(bias, null), new Dual<T>(z, null), batch);

    public override void Forward(Dual<T> a, Dual<T> weight, Dual<T> bias, Dual<T> z, int batch)
    {
        int lines = batch * height;
        team.Workers.For(Blocking.DivideUp(lines, blockLines), (block, worker) =>
        {
            int line = block * blockLines, windows = Math.Min(blockLines, lines - line) * width;
            T* laidOut = LayOut(a.Value, line, windows, worker);
            if (z.Value is not null)
                Multiply(weight.Value, z.Value, bias.Value);
            if (z.Tangent is null)
                return;
            Multiply(weight.Tangent, z.Tangent, bias.Tangent);
            if (a.Tangent is null)
                return;
            laidOut = LayOut(a.Tangent, line, windows, worker);
            Multiply(weight.Value, z.Tangent, null);

            void Multiply(T* weight, T* z, T* bias)
            {
                T* target = z + (long)line * width * outputs;
                if (bias is not null)
                    Rows.Broadcast(bias, target, windows, outputs);
                team.MultiplyAlone(worker, laidOut, false, weight, false, target, windows, outputs, size, true);
            }
        });
    }

    public override void WeightGradient(T* a, T* delta, T* gradient, int batch, bool accumulate) =>
        WeightGradient(new(a, null), new(delta, null), new Dual<T>(gradient, null), batch, accumulate);

    public override void WeightGradient(Dual<T> a, Dual<T> delta, Dual<T> gradient, int batch, bool accumulate)
    {
        int lines = batch * height, blocks = Blocking.DivideUp(lines, blockLines), count = size * outputs;
        int partBlocks = Blocking.DivideUp(blocks, Math.Clamp(PartNumbers / count, LeastParts, MostParts));
        int parts = Blocking.DivideUp(blocks, partBlocks);
        long all = (long)parts * count;
        T* sums = team.WeightSums(gradient.Tangent is null ? all : 2 * all), sumsAlong = sums + all;
        team.Workers.For(parts, (part, worker) =>
        {
            int first = part * partBlocks;
            for (int block = first; block < Math.Min(blocks, first + partBlocks); block++)
            {
                int line = block * blockLines, windows = Math.Min(blockLines, lines - line) * width;
                T* laidOut = LayOut(a.Value, line, windows, worker);
                if (gradient.Value is not null)
                    Multiply(delta.Value, sums, block > first);
                if (gradient.Tangent is null)
                    continue;
                Multiply(delta.Tangent, sumsAlong, block > first);
                if (a.Tangent is null)
                    continue;
                laidOut = LayOut(a.Tangent, line, windows, worker);
                Multiply(delta.Value, sumsAlong, true);

                void Multiply(T* delta, T* sums, bool add) => team.MultiplyAlone(
                    worker, laidOut, true, delta + (long)line * width * outputs, false,
                    sums + (long)part * count, size, outputs, windows, add);
            }
        });
        if (gradient.Value is not null)
            team.SumLongRows(sums, gradient.Value, parts, count, accumulate);
        if (gradient.Tangent is not null)
            team.SumLongRows(sumsAlong, gradient.Tangent, parts, count, false);
    }

    // An image is one worker's, who adds its windows up in their order.
    public override void InputAdjoint(T* delta, T* weight, T* adjoint, int batch, bool accumulate) =>
        team.Workers.For(batch, (example, worker) =>
        {
            T* target = adjoint + (long)example * image;
            if (!accumulate)
                new Span<T>(target, image).Clear();
            T* laidOut = team.Scratch(worker, (long)blockLines * width * size);
            for (int line = 0; line < height; line += blockLines)
            {
                int windows = Math.Min(blockLines, height - line) * width;
                T* from = delta + ((long)example * height + line) * width * outputs;
                team.MultiplyAlone(worker, from, false, weight, true, laidOut, windows, size, outputs, false);
                rows.AddBack(laidOut, target, line, windows);
            }
        });

    private T* LayOut(T* a, int line, int windows, int worker)
    {
        long count = (long)blockLines * width * size;
        T* target = team.Scratch(worker, count + rows.PaddedRow);
        rows.LayOut(a, target, line, windows, target + count);
        return target;
    }
}
