using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hypergrad.Data;

/// <summary>
/// A pseudo-random permutation of 0 … Count − 1 in which any entry is computed directly, without a table: a Feistel network over the
/// smallest power of two that holds Count (at least 64), walked along its cycles until the value falls below Count (Black and Rogaway,
/// <i>Ciphers with Arbitrary Finite Domains</i>, 2002). A network is a bijection whatever its round function, hence so is the walk.
/// </summary>
/// <remarks>
/// To compute the same numbers elsewhere: with b = max(6, ceil(log2 Count)) bits, the value is cut into low = b / 2 low bits (rounded
/// down) and b − low high bits. Round r = 0 … 7 has the key Word(8 · number + r) of the Philox stream. An even round replaces high by
/// high xor mix(low, key), an odd one low by low xor mix(high, key), each cut to its own bits. mix(h, key) = fold(0xCD9E8D57,
/// fold(0xD2511F53, key + h · 0x9E3779B9)), where fold(m, u) is the upper word of the 64-bit product m · u, xor the lower: Philox's own
/// multiplications.
/// </remarks>
internal readonly struct KeyedPermutation
{
    private const int Rounds = 8;

    // A network over fewer than 64 values favours some orders of 5 or 6 things: a chi-squared test over all their orders sees it.
    private const int LeastBits = 6;

    private readonly RoundKeys keys;
    private readonly int lowBits;
    private readonly uint lowMask, highMask;

    /// <summary>Opens one permutation of a stream.</summary>
    /// <param name="count">How many things are permuted, at least 1.</param>
    /// <param name="seed">Philox's seed.</param>
    /// <param name="stream">Philox's stream.</param>
    /// <param name="number">Which of the stream's permutations: epoch 0, 1, …</param>
    public KeyedPermutation(int count, ulong seed, ulong stream, ulong number = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
        int bits = Math.Max(LeastBits, 32 - BitOperations.LeadingZeroCount((uint)count - 1));
        lowBits = bits / 2;
        lowMask = (1u << lowBits) - 1;
        highMask = (1u << (bits - lowBits)) - 1;
        var philox = new Philox(seed, stream);
        for (int block = 0; block < Rounds / 4; block++)
            (keys[4 * block], keys[4 * block + 1], keys[4 * block + 2], keys[4 * block + 3]) =
                philox.Block(unchecked(number * (Rounds / 4) + (ulong)block));
    }

    /// <summary>How many things are permuted.</summary>
    public int Count { get; }

    /// <summary>Where the permutation sends <paramref name="index"/>.</summary>
    /// <param name="index">0 ≤ index &lt; Count.</param>
    public int this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            uint value = (uint)index;
            do
                value = Encipher(value);
            while (value >= (uint)Count);
            return (int)value;
        }
    }

    private uint Encipher(uint value)
    {
        uint low = value & lowMask, high = value >> lowBits;
        for (int round = 0; round < Rounds; round += 2)
        {
            high ^= Mix(low, keys[round]) & highMask;
            low ^= Mix(high, keys[round + 1]) & lowMask;
        }
        return high << lowBits | low;
    }

    private static uint Mix(uint half, uint key) => Fold(0xCD9E8D57, Fold(0xD2511F53, unchecked(key + half * 0x9E3779B9)));

    private static uint Fold(uint multiplier, uint value)
    {
        ulong product = (ulong)multiplier * value;
        return (uint)(product >> 32) ^ (uint)product;
    }

    [InlineArray(Rounds)]
    private struct RoundKeys
    {
        private uint first;
    }
}
