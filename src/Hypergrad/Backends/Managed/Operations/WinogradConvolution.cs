using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Products;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// Convolutions of three by three pixels, one pixel apart, by <see cref="WinogradTransforms"/>: two by two outputs, a square, are a product
/// of 16 points instead of 36. The squares of all images of a batch are the rows of 16 products, a block of squares at a time that stays
/// in the second-level cache.
/// </summary>
internal sealed unsafe class WinogradConvolution<T> : AffineProducts<T> where T : unmanaged, INumberBase<T>
{
    private const int Points = WinogradTransforms.Points;

    /// <summary>Bytes of a block's squares, transformed, and how many squares it has at most: whole tiles of a product.</summary>
    private const int BlockBytes = 384 << 10, MostSquares = 96, TileRows = 12;

    /// <summary>Sums of ∂W that are formed side by side, at most, and squares of each, at least.</summary>
    private const int MostParts = 16, SquaresOfPart = 512;

    /// <summary>Outputs that are computed in vain, of those that are wanted, at most: a square may reach over the edge.</summary>
    private const double MostWaste = 0.6;

    private static readonly StridedMultiplier<T> Multiplier = StridedMultiplier<T>.Widest;

    private readonly Team<T> team;
    private readonly Geometry forward, backward;
    private readonly int channels, outputs, block;

    public WinogradConvolution(Affine operation, Patches patches, Team<T> team)
    {
        this.team = team;
        (channels, outputs) = (patches.Channels, operation.Weight.Columns);
        forward = new(
            patches.InputHeight, patches.InputWidth, patches.OutputHeight, patches.OutputWidth,
            patches.PaddingHeight, patches.PaddingWidth);
        backward = new(
            patches.OutputHeight, patches.OutputWidth, patches.InputHeight, patches.InputWidth,
            2 - patches.PaddingHeight, 2 - patches.PaddingWidth);
        block = Math.Clamp(BlockBytes / (Points * (channels + outputs) * sizeof(T)) / TileRows * TileRows, TileRows, MostSquares);
    }

    /// <summary>Whether a convolution is one of these, and has enough squares that lie within the image.</summary>
    public static bool Suits(Affine operation)
    {
        var patches = operation.Patches!;
        if (patches is not { KernelHeight: 3, KernelWidth: 3, StrideHeight: 1, StrideWidth: 1, PaddingHeight: <= 2, PaddingWidth: <= 2 }
            || patches.Channels % Vector512<T>.Count != 0 || operation.Weight.Columns % Vector512<T>.Count != 0)
            return false;
        return WastesLittle(patches.OutputHeight, patches.OutputWidth) && WastesLittle(patches.InputHeight, patches.InputWidth);

        static bool WastesLittle(int height, int width) =>
            4.0 * Blocking.DivideUp(height, 2) * Blocking.DivideUp(width, 2) <= (1 + MostWaste) * height * width;
    }

    public override void Forward(T* a, T* weight, T* bias, T* z, int batch) =>
        Convolve(
            forward, new(a, null), channels, Transformed(new(weight, null)), new(z, null), outputs, new(bias, null), batch,
            add: bias is null);

    public override void Forward(Dual<T> a, Dual<T> weight, Dual<T> bias, Dual<T> z, int batch) =>
        Convolve(forward, a, channels, Transformed(weight), z, outputs, bias, batch, add: false);

    public override void InputAdjoint(T* delta, T* weight, T* adjoint, int batch, bool accumulate) =>
        InputAdjoint(new(delta, null), new(weight, null), new Dual<T>(adjoint, null), batch, accumulate);

    // δ convolved with the weights turned about.
    public override void InputAdjoint(Dual<T> delta, Dual<T> weight, Dual<T> adjoint, int batch, bool accumulate) =>
        Convolve(backward, delta, outputs, Transformed(Turned(weight)), adjoint, channels, default, batch, accumulate);

    public override void WeightGradient(T* a, T* delta, T* gradient, int batch, bool accumulate) =>
        WeightGradient(new(a, null), new(delta, null), new Dual<T>(gradient, null), batch, accumulate);

    public override void WeightGradient(Dual<T> a, Dual<T> delta, Dual<T> gradient, int batch, bool accumulate)
    {
        int size = channels * outputs, most = Math.Clamp(batch * forward.Squares / SquaresOfPart, 1, MostParts);
        int partImages = Blocking.DivideUp(batch, most), parts = Blocking.DivideUp(batch, partImages);
        long count = (long)parts * Points * size;
        T* sums = team.WeightSums(gradient.Tangent is null ? count : 2 * count), sumsAlong = sums + count;
        nint ofInput = Plane(channels), ofDelta = Plane(outputs);
        team.Workers.For(parts, (part, worker) =>
        {
            T* scratch = team.Scratch(worker, Points * (ofInput + 2 * ofDelta) + EdgeSize);
            T* input = scratch, adjoint = input + Points * ofInput, along = adjoint + Points * ofDelta, edge = along + Points * ofDelta;
            T* sum = sums + (long)part * Points * size, sumAlong = sumsAlong + (long)part * Points * size;
            int end = Math.Min(batch, (part + 1) * partImages) * forward.Squares;
            for (int first = part * partImages * forward.Squares, start = first; start < end; start += block)
            {
                int squares = Math.Min(block, end - start);
                TransformInput(forward, a.Value, channels, start, squares, input, ofInput);
                if (gradient.Value is not null || a.Tangent is not null)
                    TransformAdjoint(delta.Value, start, squares, adjoint, ofDelta, edge);
                if (gradient.Value is not null)
                    Correlate(input, ofInput, adjoint, ofDelta, squares, sum, start > first);
                if (gradient.Tangent is null)
                    continue;
                TransformAdjoint(delta.Tangent, start, squares, along, ofDelta, edge);
                Correlate(input, ofInput, along, ofDelta, squares, sumAlong, start > first);
                if (a.Tangent is null)
                    continue;
                TransformInput(forward, a.Tangent, channels, start, squares, input, ofInput);
                Correlate(input, ofInput, adjoint, ofDelta, squares, sumAlong, true);
            }
        });
        if (gradient.Value is not null)
            Finish(sums, gradient.Value, accumulate);
        if (gradient.Tangent is not null)
            Finish(sumsAlong, gradient.Tangent, false);

        void Finish(T* sums, T* target, bool add) => team.ForEachChunk(size, (start, count) =>
            WinogradTransforms.WeightAdjoint(sums, parts, size, (nint)start, count, target, add));
    }

    private Dual<T> Transformed(Dual<T> weight)
    {
        nint tap = (nint)channels * outputs, all = Points * tap;
        T* points = team.Weights(weight.Tangent is null ? all : 2 * all);
        WinogradTransforms.Weight(weight.Value, tap, points);
        if (weight.Tangent is null)
            return new(points, null);
        WinogradTransforms.Weight(weight.Tangent, tap, points + all);
        return new(points, points + all);
    }

    private Dual<T> Turned(Dual<T> weight)
    {
        long all = 9L * channels * outputs;
        T* kernel = team.TurnedWeights(weight.Tangent is null ? all : 2 * all);
        Turn(weight.Value, kernel);
        if (weight.Tangent is null)
            return new(kernel, null);
        Turn(weight.Tangent, kernel + all);
        return new(kernel, kernel + all);
    }

    private void Turn(T* weight, T* kernel)
    {
        int size = channels * outputs;
        for (int tap = 0; tap < 9; tap++)
            Transposition.Transpose(
                weight + (long)tap * size, outputs, channels, outputs, kernel + (8L - tap) * size, channels);
    }

    // Points of one kind of all squares of a block, and a line more: else all points of a square would meet in one set of the cache.
    private nint Plane(int ofPixel) => (nint)block * ofPixel + 64 / sizeof(T);

    // Room for a pixel of zeros, and for one that is computed in vain.
    private nint EdgeSize => 2 * Math.Max(channels, outputs);

    // The target's value is the source's by the weights', its tangent the source's value by the weights' tangent, and the other way round.
    private void Convolve(
        Geometry geometry, Dual<T> source, int depth, Dual<T> points, Dual<T> target, int columns, Dual<T> bias, int batch, bool add)
    {
        int squares = batch * geometry.Squares;
        nint ofSource = Plane(depth), ofTarget = Plane(columns);
        team.Workers.For(Blocking.DivideUp(squares, block), (number, worker) =>
        {
            T* scratch = team.Scratch(worker, Points * (ofSource + ofTarget) + EdgeSize);
            T* input = scratch, output = input + Points * ofSource, edge = output + Points * ofTarget;
            int start = number * block, count = Math.Min(block, squares - start);
            TransformInput(geometry, source.Value, depth, start, count, input, ofSource);
            if (target.Value is not null)
            {
                Multiply(input, ofSource, depth, points.Value, output, ofTarget, columns, count, false);
                TransformOutput(geometry, output, ofTarget, start, count, target.Value, columns, bias.Value, add, edge);
            }
            if (target.Tangent is null)
                return;
            Multiply(input, ofSource, depth, points.Tangent, output, ofTarget, columns, count, false);
            if (source.Tangent is not null)
            {
                TransformInput(geometry, source.Tangent, depth, start, count, input, ofSource);
                Multiply(input, ofSource, depth, points.Value, output, ofTarget, columns, count, true);
            }
            TransformOutput(geometry, output, ofTarget, start, count, target.Tangent, columns, bias.Tangent, add, edge);
        });
    }

    private static void Multiply(
        T* input, nint ofSource, int depth, T* points, T* output, nint ofTarget, int columns, int count, bool accumulate)
    {
        for (int point = 0; point < Points; point++)
            for (int column = 0, strip; column < columns; column += strip)
                Multiplier.Multiply(new()
                {
                    A = input + point * ofSource,
                    RowStride = depth,
                    DepthStride = 1,
                    RunStrideA = 0,
                    B = points + (nint)point * depth * columns + column,
                    StrideB = columns,
                    RunStrideB = 0,
                    Runs = 1,
                    Depth = depth,
                    C = output + point * ofTarget + column,
                    StrideC = columns,
                    Rows = count,
                    Columns = strip = Multiplier.StripOf(columns - column),
                    Accumulate = accumulate,
                });
    }

    // ∂u += (Bᵀ d B)ᵀ (A δ Aᵀ) over the squares of a block, point by point.
    private void Correlate(T* input, nint ofInput, T* adjoint, nint ofDelta, int count, T* sum, bool accumulate)
    {
        for (int point = 0; point < Points; point++)
            for (int column = 0, strip; column < outputs; column += strip)
                Multiplier.Multiply(new()
                {
                    A = input + point * ofInput,
                    RowStride = 1,
                    DepthStride = channels,
                    RunStrideA = 0,
                    B = adjoint + point * ofDelta + column,
                    StrideB = outputs,
                    RunStrideB = 0,
                    Runs = 1,
                    Depth = count,
                    C = sum + (nint)point * channels * outputs + column,
                    StrideC = outputs,
                    Rows = channels,
                    Columns = strip = Multiplier.StripOf(outputs - column),
                    Accumulate = accumulate,
                });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformInput(
        Geometry geometry, T* source, int depth, int start, int count, T* target, nint plane)
    {
        nint row = (nint)geometry.SourceWidth * depth;
        var square = new SquareCursor(geometry, start);
        for (int i = 0; i < count; i++, target += depth, square.Next())
        {
            int y = square.Y - geometry.Above, x = square.X - geometry.Beside;
            Within rows = new(y, geometry.SourceHeight), columns = new(x, geometry.SourceWidth);
            T* first = source + ((nint)square.Example * geometry.SourceHeight + y) * row + (nint)x * depth;
            if (rows.HasAll && columns.HasAll)
                WinogradTransforms.Input(first, row, depth, target, plane);
            else
                WinogradTransforms.InputAtEdge(first, row, depth, rows, columns, target, plane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformOutput(
        Geometry geometry, T* source, nint plane, int start, int count, T* target, int columns, T* bias, bool add, T* edge)
    {
        nint row = (nint)geometry.TargetWidth * columns;
        var nothing = new FourPixels<T>(edge, edge, edge, edge);
        if (bias is null && !add)
            new Span<T>(edge, columns).Clear();
        var addend = bias is null ? nothing : new(bias, bias, bias, bias);
        // Where a square reaches over the edge goes here, beside the zeros.
        T* vain = edge + columns;
        var square = new SquareCursor(geometry, start);
        for (int i = 0; i < count; i++, source += columns, square.Next())
        {
            T* first = target + ((nint)square.Example * geometry.TargetHeight + square.Y) * row + (nint)square.X * columns;
            bool below = square.Y + 1 < geometry.TargetHeight, right = square.X + 1 < geometry.TargetWidth;
            var pixels = new FourPixels<T>(
                first, right ? first + columns : vain, below ? first + row : vain, below && right ? first + row + columns : vain);
            WinogradTransforms.Output(source, plane, pixels, add ? pixels : addend, columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransformAdjoint(T* delta, int start, int count, T* target, nint plane, T* edge)
    {
        nint row = (nint)forward.TargetWidth * outputs;
        new Span<T>(edge, outputs).Clear();
        var square = new SquareCursor(forward, start);
        for (int i = 0; i < count; i++, target += outputs, square.Next())
        {
            T* first = delta + ((nint)square.Example * forward.TargetHeight + square.Y) * row + (nint)square.X * outputs;
            bool below = square.Y + 1 < forward.TargetHeight, right = square.X + 1 < forward.TargetWidth;
            WinogradTransforms.OutputAdjoint(
                new FourPixels<T>(
                    first, right ? first + outputs : edge, below ? first + row : edge, below && right ? first + row + outputs : edge),
                outputs, target, plane);
        }
    }

    /// <summary>An image, the one that it becomes, and the rows and columns of zeros before it.</summary>
    private sealed record Geometry(
        int SourceHeight, int SourceWidth, int TargetHeight, int TargetWidth, int Above, int Beside)
    {
        /// <summary>Squares of the image that it becomes.</summary>
        public int Squares { get; } = Blocking.DivideUp(TargetHeight, 2) * Blocking.DivideUp(TargetWidth, 2);
    }

    /// <summary>Goes over the squares of a batch of outputs: whose image one is in, and where its first output is.</summary>
    private struct SquareCursor
    {
        private readonly int height, width;

        public SquareCursor(Geometry geometry, int number)
        {
            (height, width) = (geometry.TargetHeight, geometry.TargetWidth);
            int beside = Blocking.DivideUp(width, 2), within = number % geometry.Squares;
            (Example, Y, X) = (number / geometry.Squares, 2 * (within / beside), 2 * (within % beside));
        }

        public int Example { get; private set; }

        public int Y { get; private set; }

        public int X { get; private set; }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Next()
        {
            if ((X += 2) < width)
                return;
            X = 0;
            if ((Y += 2) < height)
                return;
            Y = 0;
            Example++;
        }
    }
}
