using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hypergrad.Backends.Managed.Products;

/// <summary>Copies that turn rows into columns, in blocks of four by four (float) or two by two (double) held in registers.</summary>
internal static unsafe class Transposition
{
    /// <summary><c>target[column·targetStride + row] = source[row·sourceStride + column]</c> for all rows and columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose<T>(T* source, nint sourceStride, nint rows, nint columns, T* target, nint targetStride)
        where T : unmanaged
    {
        nint side = Vector128<T>.Count, row = 0;
        for (; row + side <= rows; row += side)
        {
            T* from = source + row * sourceStride;
            T* to = target + row;
            nint column = 0;
            for (; column + side <= columns; column += side)
            {
                if (sizeof(T) == sizeof(float))
                    FourByFour((float*)from + column, sourceStride, (float*)to + column * targetStride, targetStride);
                else
                    TwoByTwo((double*)from + column, sourceStride, (double*)to + column * targetStride, targetStride);
            }
            for (; column < columns; column++)
            {
                for (nint i = 0; i < side; i++) to[column * targetStride + i] = from[i * sourceStride + column];
            }
        }
        for (; row < rows; row++)
        {
            for (nint column = 0; column < columns; column++) target[column * targetStride + row] = source[row * sourceStride + column];
        }
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
