using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Products;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// The same where every set is a row: two or three walks along it while it is in the first-level cache, its means in registers.
/// </summary>
internal sealed unsafe partial class NormalizeKernel<T>
{
    // x̂ = r (a − ⟨a⟩), a′ = γ∘x̂ + β, and r.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void NormalizeRow(T* a, T* gamma, T* beta, T* normal, T* result, T* inverse)
    {
        int width = Vector512<T>.Count;
        Vector512<T> sums = default, squares = default;
        for (int i = 0; i < channels; i += width)
            sums += Elementwise.LoadPart(a + i, channels - i);
        var mean = MeanOf(sums);
        for (int i = 0; i < channels; i += width)
        {
            int rest = channels - i;
            var centred = Elementwise.LoadPart(a + i, rest) - mean;
            if (rest < width)
                centred &= Elementwise.First<T>(rest);
            squares = VectorMath.MultiplyAdd(centred, centred, squares);
        }
        *inverse = T.One / T.Sqrt(MeanOf(squares).ToScalar() + T.CreateTruncating(Normalize.Epsilon));
        var r = Vector512.Create(*inverse);
        for (int i = 0; i < channels; i += width)
        {
            int rest = channels - i;
            var x = (Elementwise.LoadPart(a + i, rest) - mean) * r;
            Elementwise.StorePart(x, normal + i, rest);
            Elementwise.StorePart(
                VectorMath.MultiplyAdd(Elementwise.LoadPart(gamma + i, rest), x, Elementwise.LoadPart(beta + i, rest)), result + i, rest);
        }
    }

    // r (h − ⟨h⟩ − x̂⟨h∘x̂⟩), h = γ∘e, where there is a target; ∂γ += e∘x̂, ∂β += e.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PullBackRow(in Block block, T* e, T* normal, T* gamma, T inverse, T* target)
    {
        T* scales = ScalePart(block), shifts = ShiftPart(block);
        Vector512<T> sums = default, products = default;
        for (int i = 0; i < channels; i += Vector512<T>.Count)
        {
            int rest = channels - i;
            Vector512<T> adjoint = Elementwise.LoadPart(e + i, rest), x = Elementwise.LoadPart(normal + i, rest);
            var h = Elementwise.LoadPart(gamma + i, rest) * adjoint;
            sums += h;
            products = VectorMath.MultiplyAdd(h, x, products);
            Gather(block, adjoint * x, scales + i, rest);
            Gather(block, adjoint, shifts + i, rest);
        }
        if (target is null)
            return;
        Vector512<T> mean = MeanOf(sums), product = MeanOf(products), r = Vector512.Create(inverse);
        for (int i = 0; i < channels; i += Vector512<T>.Count)
        {
            int rest = channels - i;
            var h = Elementwise.LoadPart(gamma + i, rest) * Elementwise.LoadPart(e + i, rest);
            Store(r * (h - mean - Elementwise.LoadPart(normal + i, rest) * product), target + i, rest);
        }
    }

    // x̂̇ = r (ȧ − ⟨ȧ⟩ − x̂ q), and q.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private T TurnRow(T* along, T* normal, T inverse, T* turn)
    {
        Vector512<T> sums = default, products = default;
        for (int i = 0; i < channels; i += Vector512<T>.Count)
        {
            var number = Elementwise.LoadPart(along + i, channels - i);
            sums += number;
            products = VectorMath.MultiplyAdd(number, Elementwise.LoadPart(normal + i, channels - i), products);
        }
        Vector512<T> mean = MeanOf(sums), q = MeanOf(products), r = Vector512.Create(inverse);
        for (int i = 0; i < channels; i += Vector512<T>.Count)
        {
            int rest = channels - i;
            var s = Elementwise.LoadPart(along + i, rest) - mean - Elementwise.LoadPart(normal + i, rest) * q;
            Elementwise.StorePart(r * s, turn + i, rest);
        }
        return q.ToScalar();
    }

    // r (ṡ − r q s) where there is a target, ṡ = ḣ − ⟨ḣ⟩ − x̂⟨ḣ∘x̂ + h∘x̂̇⟩ − x̂̇⟨h∘x̂⟩; R∂γ += ė∘x̂ + e∘x̂̇, R∂β += ė.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PullBackRowTangent(
        in Block block, T* e, T* along, T* normal, T* turn, T* gamma, T* gammaTangent, T inverse, T correlation, T* target)
    {
        T* scales = ScalePart(block), shifts = ShiftPart(block);
        Vector512<T> sums = default, products = default, alongSums = default, alongProducts = default;
        for (int i = 0; i < channels; i += Vector512<T>.Count)
        {
            int rest = channels - i;
            Vector512<T> adjoint = Elementwise.LoadPart(e + i, rest), adjointAlong = Elementwise.LoadPart(along + i, rest);
            Vector512<T> x = Elementwise.LoadPart(normal + i, rest), turned = Elementwise.LoadPart(turn + i, rest);
            var g = Elementwise.LoadPart(gamma + i, rest);
            Vector512<T> h = g * adjoint, alongH = Elementwise.LoadPart(gammaTangent + i, rest) * adjoint + g * adjointAlong;
            sums += h;
            products = VectorMath.MultiplyAdd(h, x, products);
            alongSums += alongH;
            alongProducts = VectorMath.MultiplyAdd(alongH, x, VectorMath.MultiplyAdd(h, turned, alongProducts));
            Gather(block, VectorMath.MultiplyAdd(adjointAlong, x, adjoint * turned), scales + i, rest);
            Gather(block, adjointAlong, shifts + i, rest);
        }
        if (target is null)
            return;
        Vector512<T> mean = MeanOf(sums), product = MeanOf(products), alongMean = MeanOf(alongSums), alongProduct = MeanOf(alongProducts);
        Vector512<T> r = Vector512.Create(inverse), shrinking = Vector512.Create(inverse * correlation);
        for (int i = 0; i < channels; i += Vector512<T>.Count)
        {
            int rest = channels - i;
            Vector512<T> adjoint = Elementwise.LoadPart(e + i, rest), x = Elementwise.LoadPart(normal + i, rest);
            var g = Elementwise.LoadPart(gamma + i, rest);
            var s = g * adjoint - mean - x * product;
            var alongS = Elementwise.LoadPart(gammaTangent + i, rest) * adjoint + g * Elementwise.LoadPart(along + i, rest) - alongMean
                - x * alongProduct - Elementwise.LoadPart(turn + i, rest) * product;
            Store(r * (alongS - shrinking * s), target + i, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<T> MeanOf(Vector512<T> sums) => Vector512.Create(Lanes512<T>.Sum(sums) / T.CreateTruncating(channels));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(in Block block, Vector512<T> numbers, T* parts, int rest) =>
        Elementwise.StorePart(block.IsFirst ? numbers : Elementwise.LoadPart(parts, rest) + numbers, parts, rest);
}
