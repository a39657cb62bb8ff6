using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hypergrad.Backends.Managed.Products;

/// <summary>
/// Copies that turn rows into columns, in blocks of four columns (float) or two (double) by as many rows, or twice as many where registers
/// of 256 bits hold two blocks, held in registers.
/// </summary>
internal static unsafe class Transposition
{
    /// <summary><c>target[column·targetStride + row] = source[row·sourceStride + column]</c> for all rows and columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose<T>(T* source, nint sourceStride, nint rows, nint columns, T* target, nint targetStride)
        where T : unmanaged
    {
        nint side = Vector128<T>.Count, row = 0;
        for (; Avx.IsSupported && row + 2 * side <= rows; row += 2 * side)
            TransposeRows(source + row * sourceStride, sourceStride, 2 * side, columns, target + row, targetStride);
        for (; row + side <= rows; row += side)
            TransposeRows(source + row * sourceStride, sourceStride, side, columns, target + row, targetStride);
        for (; row < rows; row++)
        {
            for (nint column = 0; column < columns; column++) target[column * targetStride + row] = source[row * sourceStride + column];
        }
    }

    // As many rows as a block has, or two blocks.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeRows<T>(T* source, nint sourceStride, nint rows, nint columns, T* target, nint targetStride)
        where T : unmanaged
    {
        nint side = Vector128<T>.Count, column = 0;
        for (; column + side <= columns; column += side)
        {
            T* from = source + column, to = target + column * targetStride;
            if (sizeof(T) == sizeof(float) && rows > side)
                EightByFour((float*)from, sourceStride, (float*)to, targetStride);
            else if (sizeof(T) == sizeof(float))
                FourByFour((float*)from, sourceStride, (float*)to, targetStride);
            else if (rows > side)
                FourByTwo((double*)from, sourceStride, (double*)to, targetStride);
            else
                TwoByTwo((double*)from, sourceStride, (double*)to, targetStride);
        }
        for (; column < columns; column++)
        {
            for (nint i = 0; i < rows; i++) target[column * targetStride + i] = source[i * sourceStride + column];
        }
    }

    // Rows 0 to 3 are in the lower halves, rows 4 to 7 in the upper ones: what turns four rows turns both.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightByFour(float* source, nint sourceStride, float* target, nint targetStride)
    {
        float* below = source + 4 * sourceStride;
        var rows04 = Vector256.Create(Vector128.Load(source), Vector128.Load(below));
        var rows15 = Vector256.Create(Vector128.Load(source + sourceStride), Vector128.Load(below + sourceStride));
        var rows26 = Vector256.Create(Vector128.Load(source + 2 * sourceStride), Vector128.Load(below + 2 * sourceStride));
        var rows37 = Vector256.Create(Vector128.Load(source + 3 * sourceStride), Vector128.Load(below + 3 * sourceStride));
        var low02 = Avx.UnpackLow(rows04, rows26);
        var high02 = Avx.UnpackHigh(rows04, rows26);
        var low13 = Avx.UnpackLow(rows15, rows37);
        var high13 = Avx.UnpackHigh(rows15, rows37);
        Avx.UnpackLow(low02, low13).Store(target);
        Avx.UnpackHigh(low02, low13).Store(target + targetStride);
        Avx.UnpackLow(high02, high13).Store(target + 2 * targetStride);
        Avx.UnpackHigh(high02, high13).Store(target + 3 * targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByTwo(double* source, nint sourceStride, double* target, nint targetStride)
    {
        double* below = source + 2 * sourceStride;
        var rows02 = Vector256.Create(Vector128.Load(source), Vector128.Load(below));
        var rows13 = Vector256.Create(Vector128.Load(source + sourceStride), Vector128.Load(below + sourceStride));
        Avx.UnpackLow(rows02, rows13).Store(target);
        Avx.UnpackHigh(rows02, rows13).Store(target + targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByFour(float* source, nint sourceStride, float* target, nint targetStride)
    {
        var row0 = Vector128.Load(source);
        var row1 = Vector128.Load(source + sourceStride);
        var row2 = Vector128.Load(source + 2 * sourceStride);
        var row3 = Vector128.Load(source + 3 * sourceStride);
        var low02 = ZipLow(row0, row2);
        var high02 = ZipHigh(row0, row2);
        var low13 = ZipLow(row1, row3);
        var high13 = ZipHigh(row1, row3);
        ZipLow(low02, low13).Store(target);
        ZipHigh(low02, low13).Store(target + targetStride);
        ZipLow(high02, high13).Store(target + 2 * targetStride);
        ZipHigh(high02, high13).Store(target + 3 * targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoByTwo(double* source, nint sourceStride, double* target, nint targetStride)
    {
        var row0 = Vector128.Load(source);
        var row1 = Vector128.Load(source + sourceStride);
        ZipLow(row0, row1).Store(target);
        ZipHigh(row0, row1).Store(target + targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackLow(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(left, right)
        : Vector128.Create(left[0], right[0], left[1], right[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackHigh(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(left, right)
        : Vector128.Create(left[2], right[2], left[3], right[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> ZipLow(Vector128<double> left, Vector128<double> right) =>
        Sse2.IsSupported ? Sse2.UnpackLow(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(left, right)
        : Vector128.Create(left[0], right[0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> ZipHigh(Vector128<double> left, Vector128<double> right) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(left, right)
        : Vector128.Create(left[1], right[1]);
}
