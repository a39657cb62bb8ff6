using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hypergrad.Backends.Managed.Products;
using Hypergrad.Backends.Managed.Simd;
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
    private readonly int outputHeight = patches.OutputHeight, outputWidth = patches.OutputWidth;

    // The windows of a line that hang over no edge: the first of them, and the one behind the last.
    private readonly int firstInside = Blocking.DivideUp(patches.PaddingWidth, patches.StrideWidth);
    private readonly int endInside = (patches.InputWidth + patches.PaddingWidth - patches.KernelWidth) / patches.StrideWidth + 1;

    /// <summary>Numbers of a row of an image with its padding.</summary>
    public int PaddedRow { get; } = (patches.InputWidth + 2 * patches.PaddingWidth) * patches.Channels;

    /// <summary>Writes whole lines of windows; zeros stand for what is outside of the image.</summary>
    /// <param name="images">[images × height × width × channels].</param>
    /// <param name="target">[windows × size].</param>
    /// <param name="line">The first line, counted over all images.</param>
    /// <param name="windows">How many windows: whole lines.</param>
    /// <param name="padded">Room for a padded row.</param>
    public void LayOut(T* images, T* target, int line, int windows, T* padded)
    {
        for (int end = line + windows / outputWidth; line < end; line++, target += (long)outputWidth * patches.Size)
        {
            T* image = images + (long)(line / outputHeight) * pixels * channels;
            for (int kernelRow = 0; kernelRow < patches.KernelHeight; kernelRow++)
            {
                int y = line % outputHeight * patches.StrideHeight + kernelRow - patches.PaddingHeight;
                LayOutLine(Pad(image, y, padded), target + kernelRow * run);
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
        for (int end = line + windows / outputWidth; line < end; line++, source += (long)outputWidth * patches.Size)
            for (int kernelRow = 0; kernelRow < patches.KernelHeight; kernelRow++)
            {
                int y = line * patches.StrideHeight + kernelRow - patches.PaddingHeight;
                if ((uint)y < (uint)patches.InputHeight)
                    AddBackLine(source + kernelRow * run, image + (long)y * patches.InputWidth * channels);
            }
    }

    // A row of the image with its padding: where it lies if it has none.
    private T* Pad(T* image, int y, T* padded)
    {
        bool isInside = (uint)y < (uint)patches.InputHeight;
        int width = patches.InputWidth * channels;
        T* row = image + (long)y * width;
        if (isInside && patches.PaddingWidth == 0)
            return row;
        new Span<T>(padded, PaddedRow).Clear();
        if (isInside)
            new Span<T>(row, width).CopyTo(new(padded + patches.PaddingWidth * channels, width));
        return padded;
    }

    // One row of each window of a line, from a padded row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LayOutLine(T* row, T* target)
    {
        int size = patches.Size, length = run, step = patches.StrideWidth * channels;
        for (int window = outputWidth; window > 0; window--, row += step, target += size)
            Copy(row, target, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddBackLine(T* source, T* row)
    {
        int size = patches.Size, length = run, step = patches.StrideWidth * channels;
        T* target = row - patches.PaddingWidth * channels;
        for (int window = 0; window < outputWidth; window++, source += size, target += step)
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
        if (Avx512F.IsSupported && i < count)
        {
            Elementwise.Store(Elementwise.Load(source + i, count - i), target + i, count - i);
            return;
        }
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
