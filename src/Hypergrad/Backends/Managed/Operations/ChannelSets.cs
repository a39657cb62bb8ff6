using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// What a normalisation does with a block [positions × channels], in which every group of channels is a set of its own. Rows have one
/// number per channel: what belongs to a set is spread over its channels.
/// </summary>
internal readonly unsafe struct ChannelSets<T>(int positions, int channels, int groups) where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int width = channels / groups;
    private readonly T members = T.CreateTruncating(positions * (channels / groups));

    /// <summary>Sets of a block.</summary>
    public int Groups => groups;

    /// <summary>Numbers of a block.</summary>
    public int Count => positions * channels;

    /// <summary>Whether a block is one set of one position: a row of its own.</summary>
    public bool AreRows => positions == 1 && groups == 1;

    /// <summary>sum_c = Σ x over the positions.</summary>
    public void Sum(T* x, T* sum) => Rows.Sum(x, sum, positions, channels, false);

    /// <summary>sum_c = Σ (x − m)² over the positions.</summary>
    public void SumSquares(T* x, T* mean, T* sum) => Sum<SquareTerm>(x, x, x, x, mean, sum);

    /// <summary>sum_c = Σ x and product_c = Σ x∘y over the positions.</summary>
    public void SumMoments(T* x, T* y, T* sum, T* product)
    {
        Sum(x, sum);
        Sum<ProductTerm>(x, y, x, y, sum, product);
    }

    /// <summary>The same along ẋ and ẏ: sum_c = Σ ẋ and product_c = Σ ẋ∘y + x∘ẏ over the positions.</summary>
    public void SumMomentTangents(T* x, T* y, T* alongX, T* alongY, T* sum, T* product)
    {
        Sum(alongX, sum);
        Sum<ProductTangentTerm>(x, y, alongX, alongY, sum, product);
    }

    /// <summary>From the sums of every channel the mean of each set, spread over its channels in place of them.</summary>
    public void Average(T* sums)
    {
        for (int channel = 0; channel < channels; channel += width)
            new Span<T>(sums + channel, width).Fill(Rows.Total(sums + channel, width) / members);
    }

    /// <summary>One number of each set spread over its channels.</summary>
    public void Spread(T* ofSets, T* row)
    {
        for (int group = 0; group < groups; group++)
            new Span<T>(row + group * width, width).Fill(ofSets[group]);
    }

    /// <summary>The first channel's number of each set.</summary>
    public void Collect(T* row, T* ofSets)
    {
        for (int group = 0; group < groups; group++)
            ofSets[group] = row[group * width];
    }

    // Four vectors of channels at a time: a sum waits for its last addition, four do not wait for each other.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum<TTerm>(T* x, T* y, T* alongX, T* alongY, T* row, T* sum) where TTerm : struct, ITerm
    {
        int width = Vector512<T>.Count, channel = 0;
        for (; channel <= channels - 4 * width; channel += 4 * width)
        {
            Vector512<T> first = default, second = default, third = default, fourth = default;
            T* m = row + channel;
            for (long at = channel; at < Count; at += channels)
            {
                T* a = x + at, b = y + at, c = alongX + at, d = alongY + at;
                first = TTerm.Add(first, a, b, c, d, m, width);
                second = TTerm.Add(second, a + width, b + width, c + width, d + width, m + width, width);
                third = TTerm.Add(third, a + 2 * width, b + 2 * width, c + 2 * width, d + 2 * width, m + 2 * width, width);
                fourth = TTerm.Add(fourth, a + 3 * width, b + 3 * width, c + 3 * width, d + 3 * width, m + 3 * width, width);
            }
            first.Store(sum + channel);
            second.Store(sum + channel + width);
            third.Store(sum + channel + 2 * width);
            fourth.Store(sum + channel + 3 * width);
        }
        for (; channel < channels; channel += width)
        {
            int rest = channels - channel;
            Vector512<T> total = default;
            for (long at = channel; at < Count; at += channels)
                total = TTerm.Add(total, x + at, y + at, alongX + at, alongY + at, row + channel, rest);
            Elementwise.StorePart(total, sum + channel, rest);
        }
    }

    // What a position adds to the sums of its channels.
    private interface ITerm
    {
        static abstract Vector512<T> Add(Vector512<T> total, T* x, T* y, T* alongX, T* alongY, T* mean, int rest);
    }

    private readonly struct SquareTerm : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Add(Vector512<T> total, T* x, T* y, T* alongX, T* alongY, T* mean, int rest)
        {
            var centred = Elementwise.LoadPart(x, rest) - Elementwise.LoadPart(mean, rest);
            return VectorMath.MultiplyAdd(centred, centred, total);
        }
    }

    private readonly struct ProductTerm : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Add(Vector512<T> total, T* x, T* y, T* alongX, T* alongY, T* mean, int rest) =>
            VectorMath.MultiplyAdd(Elementwise.LoadPart(x, rest), Elementwise.LoadPart(y, rest), total);
    }

    private readonly struct ProductTangentTerm : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Add(Vector512<T> total, T* x, T* y, T* alongX, T* alongY, T* mean, int rest) =>
            VectorMath.MultiplyAdd(
                Elementwise.LoadPart(alongX, rest), Elementwise.LoadPart(y, rest),
                VectorMath.MultiplyAdd(Elementwise.LoadPart(x, rest), Elementwise.LoadPart(alongY, rest), total));
    }
}
