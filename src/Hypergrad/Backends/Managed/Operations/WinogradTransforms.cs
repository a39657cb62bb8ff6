using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// The transforms of F(2×2, 3×3), Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016: two by two sums over windows
/// of three by three, y = Aᵀ [(G g Gᵀ) ∘ (Bᵀ d B)] A, with 16 multiplications in place of 36; and the adjoints of the outer two. Each
/// works on whole vectors of channels; the 16 points of what is transformed lie a plane apart.
/// </summary>
internal static unsafe class WinogradTransforms
{
    /// <summary>Points of what is transformed, 4 × 4.</summary>
    public const int Points = 16;

    /// <summary>Bᵀ d B of four by four pixels.</summary>
    /// <param name="pixels">The first.</param>
    /// <param name="row">Numbers from one row of pixels to the next.</param>
    /// <param name="channels">Numbers of a pixel, and from one pixel to the next.</param>
    /// <param name="target">The first point, [channels].</param>
    /// <param name="plane">Numbers from one point to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input<T>(T* pixels, nint row, nint channels, T* target, nint plane) where T : unmanaged
    {
        for (nint c = 0; c < channels; c += Vector512<T>.Count)
        {
            T* from = pixels + c, to = target + c;
            var t0 = InputColumn(from, row);
            var t1 = InputColumn(from + channels, row);
            var t2 = InputColumn(from + 2 * channels, row);
            var t3 = InputColumn(from + 3 * channels, row);
            InputRow(t0.V0, t1.V0, t2.V0, t3.V0, to, plane);
            InputRow(t0.V1, t1.V1, t2.V1, t3.V1, to + 4 * plane, plane);
            InputRow(t0.V2, t1.V2, t2.V2, t3.V2, to + 8 * plane, plane);
            InputRow(t0.V3, t1.V3, t2.V3, t3.V3, to + 12 * plane, plane);
        }
    }

    /// <summary>The same at the edge of an image, beyond which pixels are zeros.</summary>
    /// <param name="pixels">Where the first would lie.</param>
    /// <param name="row">Numbers from one row of pixels to the next.</param>
    /// <param name="channels">Numbers of a pixel, and from one pixel to the next.</param>
    /// <param name="rows">The rows that lie within the image.</param>
    /// <param name="columns">The columns that do.</param>
    /// <param name="target">The first point, [channels].</param>
    /// <param name="plane">Numbers from one point to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void InputAtEdge<T>(T* pixels, nint row, nint channels, Within rows, Within columns, T* target, nint plane)
        where T : unmanaged
    {
        for (nint c = 0; c < channels; c += Vector512<T>.Count)
        {
            T* from = pixels + c, to = target + c;
            var t0 = columns.Has0 ? InputColumnAtEdge(from, row, rows) : default;
            var t1 = columns.Has1 ? InputColumnAtEdge(from + channels, row, rows) : default;
            var t2 = columns.Has2 ? InputColumnAtEdge(from + 2 * channels, row, rows) : default;
            var t3 = columns.Has3 ? InputColumnAtEdge(from + 3 * channels, row, rows) : default;
            InputRow(t0.V0, t1.V0, t2.V0, t3.V0, to, plane);
            InputRow(t0.V1, t1.V1, t2.V1, t3.V1, to + 4 * plane, plane);
            InputRow(t0.V2, t1.V2, t2.V2, t3.V2, to + 8 * plane, plane);
            InputRow(t0.V3, t1.V3, t2.V3, t3.V3, to + 12 * plane, plane);
        }
    }

    /// <summary>Adds Aᵀ m A to two by two pixels.</summary>
    /// <param name="source">The first point, [channels].</param>
    /// <param name="plane">Numbers from one point to the next.</param>
    /// <param name="pixels">What to add to, the four pixels row by row, [channels] each.</param>
    /// <param name="addends">What is added, each laid out as they are: the pixels themselves, or a bias.</param>
    /// <param name="channels">Numbers of a pixel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output<T>(T* source, nint plane, in FourPixels<T> pixels, in FourPixels<T> addends, nint channels)
        where T : unmanaged
    {
        for (nint c = 0; c < channels; c += Vector512<T>.Count)
        {
            T* from = source + c;
            var s0 = OutputColumn(from, 4 * plane);
            var s1 = OutputColumn(from + plane, 4 * plane);
            var s2 = OutputColumn(from + 2 * plane, 4 * plane);
            var s3 = OutputColumn(from + 3 * plane, 4 * plane);
            var middle = s1.V0 + s2.V0;
            (Vector512.Load(addends.P0 + c) + (s0.V0 + middle)).Store(pixels.P0 + c);
            (Vector512.Load(addends.P1 + c) + (s1.V0 - s2.V0 - s3.V0)).Store(pixels.P1 + c);
            middle = s1.V1 + s2.V1;
            (Vector512.Load(addends.P2 + c) + (s0.V1 + middle)).Store(pixels.P2 + c);
            (Vector512.Load(addends.P3 + c) + (s1.V1 - s2.V1 - s3.V1)).Store(pixels.P3 + c);
        }
    }

    /// <summary>A δ Aᵀ of two by two pixels: the adjoint of <see cref="Output"/>.</summary>
    /// <param name="pixels">The four pixels row by row, [channels] each.</param>
    /// <param name="channels">Numbers of a pixel.</param>
    /// <param name="target">The first point, [channels].</param>
    /// <param name="plane">Numbers from one point to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OutputAdjoint<T>(in FourPixels<T> pixels, nint channels, T* target, nint plane) where T : unmanaged
    {
        for (nint c = 0; c < channels; c += Vector512<T>.Count)
        {
            T* to = target + c;
            Vector512<T> a = Vector512.Load(pixels.P0 + c), b = Vector512.Load(pixels.P1 + c);
            Vector512<T> d = Vector512.Load(pixels.P2 + c), e = Vector512.Load(pixels.P3 + c);
            OutputAdjointRow(a, b, to, plane);
            OutputAdjointRow(a + d, b + e, to + 4 * plane, plane);
            OutputAdjointRow(a - d, b - e, to + 8 * plane, plane);
            OutputAdjointRow(-d, -e, to + 12 * plane, plane);
        }
    }

    /// <summary>G g Gᵀ of a kernel.</summary>
    /// <param name="weight">The kernel's first tap, [channels × outputs].</param>
    /// <param name="tap">Numbers from one tap to the next, which is how many are transformed side by side.</param>
    /// <param name="target">The first point.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weight<T>(T* weight, nint tap, T* target) where T : unmanaged
    {
        var half = Half<T>();
        for (nint i = 0; i < tap; i += Vector512<T>.Count)
        {
            T* from = weight + i, to = target + i;
            var t0 = WeightColumn(from, 3 * tap, half);
            var t1 = WeightColumn(from + tap, 3 * tap, half);
            var t2 = WeightColumn(from + 2 * tap, 3 * tap, half);
            WeightRow(t0.V0, t1.V0, t2.V0, half, to, tap);
            WeightRow(t0.V1, t1.V1, t2.V1, half, to + 4 * tap, tap);
            WeightRow(t0.V2, t1.V2, t2.V2, half, to + 8 * tap, tap);
            WeightRow(t0.V3, t1.V3, t2.V3, half, to + 12 * tap, tap);
        }
    }

    /// <summary>Gᵀ u G, the adjoint of <see cref="Weight"/>, of a sum; the result overwrites the gradient or is added to it.</summary>
    /// <param name="sums">The first point of the first summand.</param>
    /// <param name="parts">How many summands.</param>
    /// <param name="tap">Numbers from one tap, and one point, to the next.</param>
    /// <param name="first">The first of the numbers of a tap to do.</param>
    /// <param name="count">How many, whole vectors.</param>
    /// <param name="gradient">The first tap.</param>
    /// <param name="accumulate">Whether to add.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WeightAdjoint<T>(T* sums, int parts, nint tap, nint first, nint count, T* gradient, bool accumulate)
        where T : unmanaged
    {
        var half = Half<T>();
        for (nint i = first; i < first + count; i += Vector512<T>.Count)
        {
            var t0 = WeightAdjointColumn(sums + i, parts, tap, half);
            var t1 = WeightAdjointColumn(sums + tap + i, parts, tap, half);
            var t2 = WeightAdjointColumn(sums + 2 * tap + i, parts, tap, half);
            var t3 = WeightAdjointColumn(sums + 3 * tap + i, parts, tap, half);
            WeightAdjointRow(t0.V0, t1.V0, t2.V0, t3.V0, half, gradient + i, tap, accumulate);
            WeightAdjointRow(t0.V1, t1.V1, t2.V1, t3.V1, half, gradient + 3 * tap + i, tap, accumulate);
            WeightAdjointRow(t0.V2, t1.V2, t2.V2, t3.V2, half, gradient + 6 * tap + i, tap, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Half<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? Vector512.Create(0.5f).As<float, T>() : Vector512.Create(0.5).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four<T> InputColumn<T>(T* from, nint row) where T : unmanaged
    {
        Vector512<T> a = Vector512.Load(from), b = Vector512.Load(from + row);
        Vector512<T> c = Vector512.Load(from + 2 * row), d = Vector512.Load(from + 3 * row);
        return new(a - c, b + c, c - b, b - d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four<T> InputColumnAtEdge<T>(T* from, nint row, Within rows) where T : unmanaged
    {
        Vector512<T> a = rows.Has0 ? Vector512.Load(from) : default, b = rows.Has1 ? Vector512.Load(from + row) : default;
        Vector512<T> c = rows.Has2 ? Vector512.Load(from + 2 * row) : default, d = rows.Has3 ? Vector512.Load(from + 3 * row) : default;
        return new(a - c, b + c, c - b, b - d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputRow<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, T* to, nint plane) where T : unmanaged
    {
        (a - c).Store(to);
        (b + c).Store(to + plane);
        (c - b).Store(to + 2 * plane);
        (b - d).Store(to + 3 * plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Two<T> OutputColumn<T>(T* from, nint row) where T : unmanaged
    {
        Vector512<T> a = Vector512.Load(from), b = Vector512.Load(from + row);
        Vector512<T> c = Vector512.Load(from + 2 * row), d = Vector512.Load(from + 3 * row);
        return new(a + (b + c), b - c - d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputAdjointRow<T>(Vector512<T> a, Vector512<T> b, T* to, nint plane) where T : unmanaged
    {
        a.Store(to);
        (a + b).Store(to + plane);
        (a - b).Store(to + 2 * plane);
        (-b).Store(to + 3 * plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four<T> WeightColumn<T>(T* from, nint row, Vector512<T> half) where T : unmanaged
    {
        Vector512<T> a = Vector512.Load(from), b = Vector512.Load(from + row), c = Vector512.Load(from + 2 * row), outer = a + c;
        return new(a, half * (outer + b), half * (outer - b), c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WeightRow<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> half, T* to, nint plane)
        where T : unmanaged
    {
        var outer = a + c;
        a.Store(to);
        (half * (outer + b)).Store(to + plane);
        (half * (outer - b)).Store(to + 2 * plane);
        c.Store(to + 3 * plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Three<T> WeightAdjointColumn<T>(T* sums, int parts, nint tap, Vector512<T> half) where T : unmanaged
    {
        Vector512<T> a = Vector512.Load(sums), b = Vector512.Load(sums + 4 * tap);
        Vector512<T> c = Vector512.Load(sums + 8 * tap), d = Vector512.Load(sums + 12 * tap);
        for (int part = 1; part < parts; part++)
        {
            sums += Points * tap;
            a += Vector512.Load(sums);
            b += Vector512.Load(sums + 4 * tap);
            c += Vector512.Load(sums + 8 * tap);
            d += Vector512.Load(sums + 12 * tap);
        }
        return new(a + half * (b + c), half * (b - c), d + half * (b + c));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WeightAdjointRow<T>(
        Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, Vector512<T> half, T* to, nint tap, bool accumulate)
        where T : unmanaged
    {
        Vector512<T> inner = half * (b + c), first = a + inner, second = half * (b - c), third = d + inner;
        if (accumulate)
        {
            first += Vector512.Load(to);
            second += Vector512.Load(to + tap);
            third += Vector512.Load(to + 2 * tap);
        }
        first.Store(to);
        second.Store(to + tap);
        third.Store(to + 2 * tap);
    }

    private readonly record struct Two<T>(Vector512<T> V0, Vector512<T> V1);

    private readonly record struct Three<T>(Vector512<T> V0, Vector512<T> V1, Vector512<T> V2);

    private readonly record struct Four<T>(Vector512<T> V0, Vector512<T> V1, Vector512<T> V2, Vector512<T> V3);
}

/// <summary>Where four pixels lie, two by two, row by row.</summary>
internal readonly unsafe struct FourPixels<T>(T* p0, T* p1, T* p2, T* p3) where T : unmanaged
{
    /// <summary>The first of the upper row.</summary>
    public T* P0 { get; } = p0;

    /// <summary>The second of the upper row.</summary>
    public T* P1 { get; } = p1;

    /// <summary>The first of the lower row.</summary>
    public T* P2 { get; } = p2;

    /// <summary>The second of the lower row.</summary>
    public T* P3 { get; } = p3;
}

/// <summary>Which of four rows or columns, of which the first is at a place, lie within an image of so many.</summary>
internal readonly struct Within(int first, int size)
{
    public bool Has0 { get; } = (uint)first < (uint)size;

    public bool Has1 { get; } = (uint)(first + 1) < (uint)size;

    public bool Has2 { get; } = (uint)(first + 2) < (uint)size;

    public bool Has3 { get; } = (uint)(first + 3) < (uint)size;

    /// <summary>Whether all do.</summary>
    public bool HasAll { get; } = first >= 0 && first + 4 <= size;
}
