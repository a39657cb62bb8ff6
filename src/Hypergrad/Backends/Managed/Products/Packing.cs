using System.Runtime.CompilerServices;

namespace Hypergrad.Backends.Managed.Products;

/// <summary>Copies a strip of a matrix to where the tile kernel reads it in one stream: depth after depth, the strip's breadth side by side.</summary>
internal static unsafe class Packing
{
    /// <summary><c>target[p·targetStride + i]</c> = number i of the strip at depth p; what is left of a target row is filled with zeros.</summary>
    /// <param name="source">Number 0 at depth 0.</param>
    /// <param name="stride">Numbers from one depth to the next, or, where <paramref name="alongDepth"/>, from one number of the strip to the next.</param>
    /// <param name="alongDepth">Whether the numbers that lie side by side in the source are those of one number at successive depths.</param>
    /// <param name="breadth">Numbers in the strip at each depth, at most <paramref name="targetStride"/>.</param>
    /// <param name="depth">The length of the strip.</param>
    /// <param name="target">The packed strip.</param>
    /// <param name="targetStride">Numbers from one depth to the next in the target.</param>
    public static void Pack<T>(T* source, nint stride, bool alongDepth, nint breadth, nint depth, T* target, nint targetStride)
        where T : unmanaged
    {
        if (alongDepth)
            Transposition.Transpose(source, stride, breadth, depth, target, targetStride);
        else
            CopyRows(source, stride, breadth, depth, target, targetStride);
        if (breadth < targetStride) ClearRest(target, targetStride, breadth, depth);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRows<T>(T* source, nint stride, nint breadth, nint depth, T* target, nint targetStride)
        where T : unmanaged
    {
        uint bytes = (uint)(breadth * sizeof(T));
        for (nint p = 0; p < depth; p++) Unsafe.CopyBlockUnaligned(target + p * targetStride, source + p * stride, bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ClearRest<T>(T* target, nint stride, nint breadth, nint depth)
        where T : unmanaged
    {
        for (nint p = 0; p < depth; p++)
        {
            for (nint i = breadth; i < stride; i++) target[p * stride + i] = default;
        }
    }
}
