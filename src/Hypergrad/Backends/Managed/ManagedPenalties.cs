using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;

namespace Hypergrad.Backends.Managed;

/// <summary>The penalties Σ λ_j w_j² and Σ μ_j |w_j| in the gradient, the Hessian and their mixed derivatives. sign(0) = 0.</summary>
internal sealed unsafe class ManagedPenalties<T> : IDisposable where T : unmanaged, INumberBase<T>
{
    private readonly NativeBuffer<T>? l2, l1;

    public ManagedPenalties(Network network, PenaltyTable? l2, PenaltyTable? l1)
    {
        this.l2 = Spread(network, l2);
        this.l1 = Spread(network, l1);
    }

    /// <summary>Whether there is any penalty.</summary>
    public bool Any => l2 is not null || l1 is not null;

    /// <summary>Σ λ_j w_j² + Σ μ_j |w_j| over a tile, summed in doubles.</summary>
    public double Loss(in WeightTile tile, T* weights)
    {
        double loss = 0;
        if (l2 is not null)
            loss += Sum<Square>(l2.Pointer + tile.Start, weights, tile.Count);
        if (l1 is not null)
            loss += Sum<Magnitude>(l1.Pointer + tile.Start, weights, tile.Count);
        return loss;
    }

    /// <summary>g += 2λ ∘ w + μ ∘ sign(w).</summary>
    public void AddGradient(in WeightTile tile, T* weights, T* gradient)
    {
        if (l2 is not null)
            Apply<AddTwice>(tile, l2.Pointer + tile.Start, weights, gradient);
        if (l1 is not null)
            Apply<AddSign>(tile, l1.Pointer + tile.Start, weights, gradient);
    }

    /// <summary>Hu += 2λ ∘ u. The L1 penalty's second derivative is 0.</summary>
    public void AddHessianProduct(in WeightTile tile, T* direction, T* product)
    {
        if (l2 is not null)
            Apply<AddTwice>(tile, l2.Pointer + tile.Start, direction, product);
    }

    /// <summary>dλ += 2 w ∘ u.</summary>
    public static void AddL2Tangent(in WeightTile tile, T* weights, T* direction, T* target) =>
        Apply<AddTwice>(tile, weights, direction, target);

    /// <summary>dμ += sign(w) ∘ u.</summary>
    public static void AddL1Tangent(in WeightTile tile, T* weights, T* direction, T* target) =>
        Apply<AddSign>(tile, direction, weights, target);

    public void Dispose()
    {
        l2?.Dispose();
        l1?.Dispose();
    }

    private static void Apply<TFormula>(in WeightTile tile, T* a, T* b, T* target) where TFormula : struct, IElementwiseFormula<T> =>
        Elementwise.Apply<T, TFormula>(a, b, target, target, target, target, tile.Count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum<TMeasure>(T* coefficients, T* weights, int count) where TMeasure : struct, IElementwiseFormula<T>
    {
        int width = Vector512<T>.Count, i = 0;
        var sum = Vector512<double>.Zero;
        for (; i <= count - width; i += width)
            sum = Add<TMeasure>(Vector512.Load(coefficients + i), Vector512.Load(weights + i), sum);
        if (i < count)
            sum = Add<TMeasure>(Elementwise.Load(coefficients + i, count - i), Elementwise.Load(weights + i, count - i), sum);
        return VectorMath.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Add<TMeasure>(Vector512<T> coefficients, Vector512<T> w, Vector512<double> sum)
        where TMeasure : struct, IElementwiseFormula<T> =>
        VectorMath.MultiplyAddWide(coefficients, TMeasure.Apply(w, w, w, w, w), sum);

    // A penalty of zeros is no penalty.
    private static NativeBuffer<T>? Spread(Network network, PenaltyTable? table)
    {
        if (table is null || !table.Values.ContainsAnyExcept(0.0))
            return null;
        var buffer = new NativeBuffer<T>(network.ParameterCount);
        for (int t = 0; t < network.Tensors.Count; t++)
        {
            var tensor = network.Tensors[t];
            var pattern = table.Grouping.Pattern(t);
            for (int i = 0; i < tensor.Count; i++)
                buffer.Pointer[tensor.Offset + i] = T.CreateTruncating(table.Values[pattern.GroupOf(i)]);
        }
        return buffer;
    }

    private readonly struct Square : IElementwiseFormula<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Apply(Vector512<T> weight, Vector512<T> b, Vector512<T> c, Vector512<T> d, Vector512<T> e) =>
            weight * weight;
    }

    private readonly struct Magnitude : IElementwiseFormula<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Apply(Vector512<T> weight, Vector512<T> b, Vector512<T> c, Vector512<T> d, Vector512<T> e) =>
            Vector512.Abs(weight);
    }

    private readonly struct AddTwice : IElementwiseFormula<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b, Vector512<T> target, Vector512<T> d, Vector512<T> e) =>
            VectorMath.MultiplyAdd(a + a, b, target);
    }

    private readonly struct AddSign : IElementwiseFormula<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> weight, Vector512<T> target, Vector512<T> d, Vector512<T> e) =>
            VectorMath.MultiplyAdd(a, VectorMath.Sign(weight), target);
    }
}
