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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SumSquares(T* x, T* mean, T* sum)
    {
        for (int channel = 0; channel < channels; channel += Vector512<T>.Count)
        {
            int rest = channels - channel;
            Vector512<T> m = Elementwise.LoadPart(mean + channel, rest), total = default;
            for (long at = channel; at < Count; at += channels)
            {
                var centred = Elementwise.LoadPart(x + at, rest) - m;
                total = VectorMath.MultiplyAdd(centred, centred, total);
            }
            Elementwise.StorePart(total, sum + channel, rest);
        }
    }

    /// <summary>sum_c = Σ x and product_c = Σ x∘y over the positions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SumMoments(T* x, T* y, T* sum, T* product)
    {
        for (int channel = 0; channel < channels; channel += Vector512<T>.Count)
        {
            int rest = channels - channel;
            Vector512<T> sums = default, products = default;
            for (long at = channel; at < Count; at += channels)
            {
                var number = Elementwise.LoadPart(x + at, rest);
                sums += number;
                products = VectorMath.MultiplyAdd(number, Elementwise.LoadPart(y + at, rest), products);
            }
            Elementwise.StorePart(sums, sum + channel, rest);
            Elementwise.StorePart(products, product + channel, rest);
        }
    }

    /// <summary>The same along ẋ and ẏ: sum_c = Σ ẋ and product_c = Σ ẋ∘y + x∘ẏ over the positions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SumMomentTangents(T* x, T* y, T* alongX, T* alongY, T* sum, T* product)
    {
        for (int channel = 0; channel < channels; channel += Vector512<T>.Count)
        {
            int rest = channels - channel;
            Vector512<T> sums = default, products = default, others = default;
            for (long at = channel; at < Count; at += channels)
            {
                var along = Elementwise.LoadPart(alongX + at, rest);
                sums += along;
                products = VectorMath.MultiplyAdd(along, Elementwise.LoadPart(y + at, rest), products);
                others = VectorMath.MultiplyAdd(Elementwise.LoadPart(x + at, rest), Elementwise.LoadPart(alongY + at, rest), others);
            }
            Elementwise.StorePart(sums, sum + channel, rest);
            Elementwise.StorePart(products + others, product + channel, rest);
        }
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
}
