using System.Numerics;
using Hypergrad.Backends.Managed.Products;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// The windows are never laid out: a line of them is the rows of a matrix that overlap in the padded image, and the rows of a window are
/// the runs of its depth. An image is one worker's. What needs windows laid out is <see cref="ConvolutionProducts{T}"/>'s: few rows of
/// weights at a time, channels that are no whole vectors, and windows that are more than a pixel apart, on the way back to the image.
/// </summary>
internal sealed unsafe class DirectConvolution<T> : AffineProducts<T> where T : unmanaged, INumberBase<T>
{
    /// <summary>Bytes of a strip of B that stay in the first-level cache.</summary>
    private const int StripBytes = 32 << 10;

    /// <summary>Sums of ∂W that are formed side by side, and the numbers in all of them together.</summary>
    private const int MostParts = 16, LeastParts = 4, PartNumbers = 1 << 21;

    /// <summary>Rows of weights in a run of a window below which too few sums are in flight.</summary>
    private const int LeastRun = 8;

    private static readonly StridedMultiplier<T> Multiplier = StridedMultiplier<T>.Widest;

    private readonly Team<T> team;
    private readonly Patches patches;
    private readonly ConvolutionProducts<T> laidOut;
    private readonly PaddedImage<T> paddedInput;
    private readonly PaddedImage<T>? paddedDelta;
    private readonly int channels, outputs, run, width, height, image, outputImage;

    public DirectConvolution(Affine operation, Patches patches, Team<T> team)
    {
        (this.patches, this.team) = (patches, team);
        laidOut = new(operation, patches, team);
        (channels, outputs, run) = (patches.Channels, operation.Weight.Columns, patches.KernelWidth * patches.Channels);
        (width, height) = (patches.OutputWidth, patches.OutputHeight);
        (image, outputImage) = (patches.InputHeight * patches.InputWidth * channels, height * width * outputs);
        paddedInput = new(patches.InputHeight, patches.InputWidth, channels, patches.PaddingHeight, patches.PaddingWidth);
        int above = patches.KernelHeight - 1 - patches.PaddingHeight, beside = patches.KernelWidth - 1 - patches.PaddingWidth;
        if (patches is not { StrideHeight: 1, StrideWidth: 1 } || channels % Multiplier.Lanes != 0 || above < 0 || beside < 0)
            return;
        paddedDelta = new(height, width, outputs, above, beside);
    }

    /// <summary>Whether a convolution has whole vectors of channels.</summary>
    public static bool Suits(Affine operation) => operation.Weight.Columns % Multiplier.Lanes == 0;

    public override void Forward(T* a, T* weight, T* bias, T* z, int batch) =>
        Forward(new(a, null), new(weight, null), new(bias, null), new Dual<T>(z, null), batch);

    public override void Forward(Dual<T> a, Dual<T> weight, Dual<T> bias, Dual<T> z, int batch) =>
        team.Workers.For(batch, (example, worker) =>
        {
            T* padded = Padded(a.Value, example, worker);
            if (z.Value is not null)
                Convolve(weight.Value, z.Value, bias.Value);
            if (z.Tangent is null)
                return;
            Convolve(weight.Tangent, z.Tangent, bias.Tangent);
            if (a.Tangent is null)
                return;
            padded = Padded(a.Tangent, example, worker);
            Convolve(weight.Value, z.Tangent, null);

            void Convolve(T* weight, T* z, T* bias)
            {
                T* target = z + (long)example * outputImage;
                if (bias is not null)
                    Simd.Rows.Broadcast(bias, target, height * width, outputs);
                this.Convolve(
                    padded, paddedInput.Row, channels, weight, outputs, target, patches.StrideHeight, patches.StrideWidth,
                    height, width, true);
            }
        });

    public override void WeightGradient(T* a, T* delta, T* gradient, int batch, bool accumulate) =>
        WeightGradient(new(a, null), new(delta, null), new Dual<T>(gradient, null), batch, accumulate);

    public override void WeightGradient(Dual<T> a, Dual<T> delta, Dual<T> gradient, int batch, bool accumulate)
    {
        if (run < LeastRun)
        {
            laidOut.WeightGradient(a, delta, gradient, batch, accumulate);
            return;
        }
        int count = patches.Size * outputs, most = Math.Clamp(PartNumbers / count, LeastParts, MostParts);
        int partImages = Blocking.DivideUp(batch, most), parts = Blocking.DivideUp(batch, partImages);
        long all = (long)parts * count;
        T* sums = team.WeightSums(gradient.Tangent is null ? all : 2 * all), sumsAlong = sums + all;
        team.Workers.For(parts, (part, worker) =>
        {
            int first = part * partImages;
            for (int example = first; example < Math.Min(batch, first + partImages); example++)
            {
                T* padded = Padded(a.Value, example, worker);
                if (gradient.Value is not null)
                    Correlate(delta.Value, sums, example > first);
                if (gradient.Tangent is null)
                    continue;
                Correlate(delta.Tangent, sumsAlong, example > first);
                if (a.Tangent is null)
                    continue;
                padded = Padded(a.Tangent, example, worker);
                Correlate(delta.Value, sumsAlong, true);

                void Correlate(T* delta, T* sums, bool add) =>
                    this.Correlate(padded, delta + (long)example * outputImage, sums + (long)part * count, add);
            }
        });
        if (gradient.Value is not null)
            team.SumLongRows(sums, gradient.Value, parts, count, accumulate);
        if (gradient.Tangent is not null)
            team.SumLongRows(sumsAlong, gradient.Tangent, parts, count, false);
    }

    private T* Padded(T* a, int example, int worker) =>
        paddedInput.From(a + (long)example * image, team.Scratch(worker, paddedInput.Size));

    // δ, padded until every pixel of the image is in a window of it, convolved with the weights turned about.
    public override void InputAdjoint(T* delta, T* weight, T* adjoint, int batch, bool accumulate)
    {
        if (paddedDelta is null)
        {
            laidOut.InputAdjoint(delta, weight, adjoint, batch, accumulate);
            return;
        }
        T* kernel = team.TurnedWeights((long)patches.Size * outputs);
        int taps = patches.KernelHeight * patches.KernelWidth, size = channels * outputs;
        for (int tap = 0, opposite = taps - 1; tap < taps; tap++, opposite--)
            Transposition.Transpose(
                weight + (long)tap * size, outputs, channels, outputs, kernel + (long)opposite * size, channels);
        team.Workers.For(batch, (example, worker) =>
        {
            T* padded = paddedDelta.From(delta + (long)example * outputImage, team.Scratch(worker, paddedDelta.Size));
            Convolve(
                padded, paddedDelta.Row, outputs, kernel, channels, adjoint + (long)example * image, 1, 1,
                patches.InputHeight, patches.InputWidth, accumulate);
        });
    }

    public override void Dispose()
    {
        base.Dispose();
        laidOut.Dispose();
    }

    // Strips of the weights, as many rows of the kernel at a time as the cache holds of them, and lines of windows.
    private void Convolve(
        T* padded, int row, int pixel, T* weight, int columns, T* target, int strideHeight, int strideWidth,
        int lines, int windows, bool accumulate)
    {
        int depth = patches.KernelWidth * pixel;
        for (int column = 0, strip; column < columns; column += strip)
        {
            strip = Multiplier.StripOf(columns - column);
            int rows = Math.Max(1, StripBytes / (depth * strip * sizeof(T)));
            for (int first = 0; first < patches.KernelHeight; first += rows)
                for (int line = 0; line < lines; line++)
                    Multiplier.Multiply(new()
                    {
                        A = padded + ((long)line * strideHeight + first) * row,
                        RowStride = strideWidth * pixel,
                        DepthStride = 1,
                        RunStrideA = row,
                        B = weight + (long)first * depth * columns + column,
                        StrideB = columns,
                        RunStrideB = (nint)depth * columns,
                        Runs = Math.Min(rows, patches.KernelHeight - first),
                        Depth = depth,
                        C = target + (long)line * windows * columns + column,
                        StrideC = columns,
                        Rows = windows,
                        Columns = strip,
                        Accumulate = accumulate || first > 0,
                    });
        }
    }

    // ∂W of an image: a row of the kernel is the rows of a matrix, and windows are its depth, a line a run, as many as the cache holds.
    private void Correlate(T* padded, T* delta, T* sum, bool accumulate)
    {
        for (int column = 0, strip; column < outputs; column += strip)
        {
            strip = Multiplier.StripOf(outputs - column);
            int lines = Math.Max(1, StripBytes / (width * strip * sizeof(T)));
            for (int first = 0; first < height; first += lines)
                for (int kernelRow = 0; kernelRow < patches.KernelHeight; kernelRow++)
                    Multiplier.Multiply(new()
                    {
                        A = padded + ((long)first * patches.StrideHeight + kernelRow) * paddedInput.Row,
                        RowStride = 1,
                        DepthStride = patches.StrideWidth * channels,
                        RunStrideA = (nint)patches.StrideHeight * paddedInput.Row,
                        B = delta + (long)first * width * outputs + column,
                        StrideB = outputs,
                        RunStrideB = (nint)width * outputs,
                        Runs = Math.Min(lines, height - first),
                        Depth = width,
                        C = sum + (long)kernelRow * run * outputs + column,
                        StrideC = outputs,
                        Rows = run,
                        Columns = strip,
                        Accumulate = accumulate || first > 0,
                    });
        }
    }
}
