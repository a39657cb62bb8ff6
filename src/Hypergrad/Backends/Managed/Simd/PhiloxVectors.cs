using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Data;

namespace Hypergrad.Backends.Managed.Simd;

/// <summary>The words of <see cref="Philox"/>, eight blocks at a time: each 64-bit lane computes one block with 32-bit numbers.</summary>
internal readonly unsafe struct PhiloxVectors(ulong seed, ulong stream)
{
    private const int Blocks = 8, Words = 4 * Blocks;

    /// <summary>target_i = the factor where word <paramref name="first"/> + i of the stream is at least the threshold, else 0.</summary>
    /// <param name="first">The first word, a multiple of 4.</param>
    /// <param name="threshold">The smallest word that is kept.</param>
    /// <param name="factor">What is written for it.</param>
    /// <param name="target">[count].</param>
    /// <param name="count">How many numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public void Mask<T>(ulong first, uint threshold, T factor, T* target, int count) where T : unmanaged
    {
        uint* words = stackalloc uint[Words];
        var kept = Vector512.Create(factor);
        for (int i = 0; i < count; i += Words)
        {
            Fill(first / 4 + (ulong)i / 4, words);
            for (int j = 0; j < Words && i + j < count; j += Vector512<T>.Count)
                Elementwise.StorePart(AtLeast<T>(words + j, threshold) & kept, target + i + j, count - i - j);
        }
    }

    // All bits of a lane where its word is at least the threshold.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> AtLeast<T>(uint* words, uint threshold) where T : unmanaged => sizeof(T) == sizeof(uint)
        ? Vector512.GreaterThanOrEqual(Vector512.Load(words), Vector512.Create(threshold)).As<uint, T>()
        : Vector512.GreaterThanOrEqual(
            Vector512.Create(Vector256.WidenLower(Vector256.Load(words)), Vector256.WidenUpper(Vector256.Load(words))),
            Vector512.Create((ulong)threshold)).As<ulong, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Fill(ulong block, uint* words)
    {
        var low = Vector512.Create((ulong)uint.MaxValue);
        var index = Vector512.Create(block) + Vector512.Create(0ul, 1, 2, 3, 4, 5, 6, 7);
        Vector512<ulong> x = index & low, y = index >>> 32;
        Vector512<ulong> z = Vector512.Create(stream & uint.MaxValue), w = Vector512.Create(stream >> 32);
        uint key0 = (uint)seed, key1 = (uint)(seed >> 32);
        for (int round = 0; round < Philox.Rounds; round++)
        {
            var product0 = x * Vector512.Create((ulong)Philox.Multiplier0);
            var product1 = z * Vector512.Create((ulong)Philox.Multiplier1);
            x = (product1 >>> 32) ^ y ^ Vector512.Create((ulong)key0);
            y = product1 & low;
            z = (product0 >>> 32) ^ w ^ Vector512.Create((ulong)key1);
            w = product0 & low;
            key0 += Philox.Weyl0;
            key1 += Philox.Weyl1;
        }
        Vector512<ulong> former = x | (y << 32), latter = z | (w << 32);
        ulong* pairs = (ulong*)words;
        for (int i = 0; i < Blocks; i++)
            (pairs[2 * i], pairs[2 * i + 1]) = (((ulong*)&former)[i], ((ulong*)&latter)[i]);
    }
}
