using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Products;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// The windows on images as the rows of a matrix, [windows × kernel height · kernel width · channels], and back. A row of a window lies in
/// one run in the image too, except for what hangs over its edges.
/// </summary>
internal sealed unsafe class PatchRows<T>(Patches patches) where T : unmanaged, INumberBase<T>
{
    private readonly int pixels = patches.InputHeight * patches.InputWidth, channels = patches.Channels;
    private readonly int run = patches.KernelWidth * patches.Channels;

    // The windows of a line that hang over no edge: the first of them, and the one behind the last.
    private readonly int firstInside = Blocking.DivideUp(patches.PaddingWidth, patches.StrideWidth);
    private readonly int endInside = (patches.InputWidth + patches.PaddingWidth - patches.KernelWidth) / patches.StrideWidth + 1;

    /// <summary>Writes whole lines of windows; zeros stand for what is outside of the image.</summary>
    /// <param name="images">[images × height × width × channels].</param>
    /// <param name="target">[windows × size].</param>
    /// <param name="line">The first line, counted over all images.</param>
    /// <param name="windows">How many windows: whole lines.</param>
    public void LayOut(T* images, T* target, int line, int windows)
    {
        for (int end = line + windows / patches.OutputWidth; line < end; line++, target += (long)patches.OutputWidth * patches.Size)
        {
            T* image = images + (long)(line / patches.OutputHeight) * pixels * channels;
            for (int kernelRow = 0; kernelRow < patches.KernelHeight; kernelRow++)
            {
                int y = line % patches.OutputHeight * patches.StrideHeight + kernelRow - patches.PaddingHeight;
                T* row = (uint)y < (uint)patches.InputHeight ? image + (long)y * patches.InputWidth * channels : null;
                LayOutLine(row, target + kernelRow * run);
            }
        }
    }

    /// <summary>Adds whole lines of windows to where their numbers came from, window after window.</summary>
    /// <param name="source">[windows × size].</param>
    /// <param name="image">[height × width × channels].</param>
    /// <param name="line">The first line of the image.</param>
    /// <param name="windows">How many windows: whole lines.</param>
    public void AddBack(T* source, T* image, int line, int windows)
    {
        for (int end = line + windows / patches.OutputWidth; line < end; line++, source += (long)patches.OutputWidth * patches.Size)
            for (int kernelRow = 0; kernelRow < patches.KernelHeight; kernelRow++)
            {
                int y = line * patches.StrideHeight + kernelRow - patches.PaddingHeight;
                if ((uint)y < (uint)patches.InputHeight)
                    AddBackLine(source + kernelRow * run, image + (long)y * patches.InputWidth * channels);
            }
    }

    // One row of each window of a line, from a row of the image, or from the padding where that is null.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LayOutLine(T* row, T* target)
    {
        int size = patches.Size, length = run, step = patches.StrideWidth * channels;
        T* source = row - patches.PaddingWidth * channels;
        for (int window = 0; window < patches.OutputWidth; window++, source += step, target += size)
        {
            if (row is not null && window >= firstInside && window < endInside)
            {
                Copy(source, target, length);
                continue;
            }
            new Span<T>(target, length).Clear();
            var (before, count) = Overlap(window);
            if (row is not null)
                Copy(source + before, target + before, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddBackLine(T* source, T* row)
    {
        int size = patches.Size, length = run, step = patches.StrideWidth * channels;
        T* target = row - patches.PaddingWidth * channels;
        for (int window = 0; window < patches.OutputWidth; window++, source += size, target += step)
        {
            var (before, count) = window >= firstInside && window < endInside ? (0, length) : Overlap(window);
            Add(source + before, target + before, count);
        }
    }

    // How much of the run of a window is left of the image, and how much of it is on the image.
    private (int Before, int Count) Overlap(int window)
    {
        int x = window * patches.StrideWidth - patches.PaddingWidth;
        int first = Math.Max(x, 0), end = Math.Min(x + patches.KernelWidth, patches.InputWidth);
        return end <= first ? (0, 0) : ((first - x) * channels, (end - first) * channels);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(T* source, T* target, int count)
    {
        int i = 0;
        for (; i <= count - Vector512<T>.Count; i += Vector512<T>.Count)
            Vector512.Load(source + i).Store(target + i);
        for (; i <= count - Vector128<T>.Count; i += Vector128<T>.Count)
            Vector128.Load(source + i).Store(target + i);
        for (; i < count; i++)
            target[i] = source[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(T* source, T* target, int count)
    {
        int i = 0;
        for (; i <= count - Vector512<T>.Count; i += Vector512<T>.Count)
            (Vector512.Load(target + i) + Vector512.Load(source + i)).Store(target + i);
        for (; i <= count - Vector128<T>.Count; i += Vector128<T>.Count)
            (Vector128.Load(target + i) + Vector128.Load(source + i)).Store(target + i);
        for (; i < count; i++)
            target[i] += source[i];
    }
}
