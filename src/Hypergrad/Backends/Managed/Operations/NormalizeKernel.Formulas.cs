using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>The formulas of a normalisation over the rows of channels of a block.</summary>
internal sealed unsafe partial class NormalizeKernel<T>
{
    // r from the variance, in its place.
    private void Invert(T* variance, T* ofSets)
    {
        sets.Collect(variance, ofSets);
        for (int set = 0; set < sets.Groups; set++)
            ofSets[set] = T.One / T.Sqrt(ofSets[set] + T.CreateTruncating(Normalize.Epsilon));
        sets.Spread(ofSets, variance);
    }

    // x̂ = r (a − ⟨a⟩), a′ = γ∘x̂ + β.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(T* a, T* mean, T* inverse, T* gamma, T* beta, T* normal, T* result)
    {
        for (int start = 0; start < sets.Count; start += channels)
        {
            for (int channel = 0; channel < channels; channel += Vector512<T>.Count)
            {
                int rest = channels - channel, at = start + channel;
                Vector512<T> m = Elementwise.LoadPart(mean + channel, rest), r = Elementwise.LoadPart(inverse + channel, rest);
                Vector512<T> g = Elementwise.LoadPart(gamma + channel, rest), b = Elementwise.LoadPart(beta + channel, rest);
                var x = (Elementwise.LoadPart(a + at, rest) - m) * r;
                Elementwise.StorePart(x, normal + at, rest);
                Elementwise.StorePart(VectorMath.MultiplyAdd(g, x, b), result + at, rest);
            }
        }
    }

    // ⟨h⟩ and ⟨h∘x̂⟩, h = γ∘e, from the sums of e and e∘x̂.
    private void Average(in Moments moments, T* gamma)
    {
        Elementwise.Multiply(moments.Mean, gamma, moments.Mean, channels);
        Elementwise.Multiply(moments.Product, gamma, moments.Product, channels);
        sets.Average(moments.Mean);
        sets.Average(moments.Product);
    }

    // ⟨ḣ⟩ and ⟨ḣ∘x̂ + h∘x̂̇⟩, ḣ = γ̇∘e + γ∘ė, from the sums of ė and ė∘x̂ + e∘x̂̇, and of e and e∘x̂.
    private void AverageTangents(in Moments tangents, T* gamma, in Moments moments, T* gammaTangent)
    {
        Elementwise.Multiply(tangents.Mean, gamma, tangents.Mean, channels);
        Elementwise.Multiply(tangents.Product, gamma, tangents.Product, channels);
        Elementwise.AddProduct(moments.Mean, gammaTangent, tangents.Mean, channels);
        Elementwise.AddProduct(moments.Product, gammaTangent, tangents.Product, channels);
        sets.Average(tangents.Mean);
        sets.Average(tangents.Product);
    }

    // r s, s = h − ⟨h⟩ − x̂⟨h∘x̂⟩, as it is or added to what is there.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PullBack(T* e, T* normal, T* gamma, in Moments moments, T* inverse, T* target)
    {
        for (int start = 0; start < sets.Count; start += channels)
        {
            for (int channel = 0; channel < channels; channel += Vector512<T>.Count)
            {
                int rest = channels - channel, at = start + channel;
                Vector512<T> g = Elementwise.LoadPart(gamma + channel, rest), r = Elementwise.LoadPart(inverse + channel, rest);
                var mean = Elementwise.LoadPart(moments.Mean + channel, rest);
                var product = Elementwise.LoadPart(moments.Product + channel, rest);
                var s = g * Elementwise.LoadPart(e + at, rest) - mean - Elementwise.LoadPart(normal + at, rest) * product;
                Store(r * s, target + at, rest);
            }
        }
    }

    // x̂̇ = r (ȧ − ⟨ȧ⟩ − x̂ q).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Turn(T* along, T* normal, in Moments moments, T* inverse, T* turn)
    {
        for (int start = 0; start < sets.Count; start += channels)
        {
            for (int channel = 0; channel < channels; channel += Vector512<T>.Count)
            {
                int rest = channels - channel, at = start + channel;
                var r = Elementwise.LoadPart(inverse + channel, rest);
                var mean = Elementwise.LoadPart(moments.Mean + channel, rest);
                var q = Elementwise.LoadPart(moments.Product + channel, rest);
                var s = Elementwise.LoadPart(along + at, rest) - mean - Elementwise.LoadPart(normal + at, rest) * q;
                Elementwise.StorePart(r * s, turn + at, rest);
            }
        }
    }

    // ȧ′ = γ∘x̂̇ + γ̇∘x̂ + β̇.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FinishTangent(T* normal, T* turn, T* gamma, T* gammaTangent, T* betaTangent, T* tangent)
    {
        for (int start = 0; start < sets.Count; start += channels)
        {
            for (int channel = 0; channel < channels; channel += Vector512<T>.Count)
            {
                int rest = channels - channel, at = start + channel;
                Vector512<T> g = Elementwise.LoadPart(gamma + channel, rest), alongG = Elementwise.LoadPart(gammaTangent + channel, rest);
                var alongB = Elementwise.LoadPart(betaTangent + channel, rest);
                var along = VectorMath.MultiplyAdd(alongG, Elementwise.LoadPart(normal + at, rest), alongB);
                Elementwise.StorePart(VectorMath.MultiplyAdd(g, Elementwise.LoadPart(turn + at, rest), along), tangent + at, rest);
            }
        }
    }

    // r (ṡ − r q s), ṡ = ḣ − ⟨ḣ⟩ − x̂⟨ḣ∘x̂ + h∘x̂̇⟩ − x̂̇⟨h∘x̂⟩, as it is or added to what is there.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PullBackTangent(
        T* e, T* along, T* normal, T* turn, T* gamma, T* gammaTangent, in Moments moments, in Moments tangents, T* inverse,
        T* correlation, T* target)
    {
        for (int start = 0; start < sets.Count; start += channels)
        {
            for (int channel = 0; channel < channels; channel += Vector512<T>.Count)
            {
                int rest = channels - channel, at = start + channel;
                Vector512<T> g = Elementwise.LoadPart(gamma + channel, rest), alongG = Elementwise.LoadPart(gammaTangent + channel, rest);
                var mean = Elementwise.LoadPart(moments.Mean + channel, rest);
                var product = Elementwise.LoadPart(moments.Product + channel, rest);
                var alongMean = Elementwise.LoadPart(tangents.Mean + channel, rest);
                var alongProduct = Elementwise.LoadPart(tangents.Product + channel, rest);
                var r = Elementwise.LoadPart(inverse + channel, rest);
                var shrinking = r * Elementwise.LoadPart(correlation + channel, rest);
                Vector512<T> adjoint = Elementwise.LoadPart(e + at, rest), x = Elementwise.LoadPart(normal + at, rest);
                var s = g * adjoint - mean - x * product;
                var alongS = alongG * adjoint + g * Elementwise.LoadPart(along + at, rest) - alongMean - x * alongProduct
                    - Elementwise.LoadPart(turn + at, rest) * product;
                Store(r * (alongS - shrinking * s), target + at, rest);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(Vector512<T> result, T* target, int rest) =>
        Elementwise.StorePart(input.AddsToAdjoint ? Elementwise.LoadPart(target, rest) + result : result, target, rest);
}
