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

    public override void Forward(T* a, T* weight, T* bias, T* z, int batch)
    {
        int lines = batch * height;
        team.Workers.For(Blocking.DivideUp(lines, blockLines), (block, worker) =>
        {
            int line = block * blockLines, windows = Math.Min(blockLines, lines - line) * width;
            T* target = z + (long)line * width * outputs;
            if (bias is not null)
                Rows.Broadcast(bias, target, windows, outputs);
            team.MultiplyAlone(
                worker, LayOut(a, line, windows, worker), false, weight, false, target, windows, outputs, size, true);
        });
    }

    public override void WeightGradient(T* a, T* delta, T* gradient, int batch, bool accumulate)
    {
        int lines = batch * height, blocks = Blocking.DivideUp(lines, blockLines), count = size * outputs;
        int partBlocks = Blocking.DivideUp(blocks, Math.Clamp(PartNumbers / count, LeastParts, MostParts));
        int parts = Blocking.DivideUp(blocks, partBlocks);
        T* sums = team.WeightSums((long)parts * count);
        team.Workers.For(parts, (part, worker) =>
        {
            int first = part * partBlocks;
            for (int block = first; block < Math.Min(blocks, first + partBlocks); block++)
            {
                int line = block * blockLines, windows = Math.Min(blockLines, lines - line) * width;
                team.MultiplyAlone(
                    worker, LayOut(a, line, windows, worker), true, delta + (long)line * width * outputs, false,
                    sums + (long)part * count, size, outputs, windows, block > first);
            }
        });
        team.SumLongRows(sums, gradient, parts, count, accumulate);
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
