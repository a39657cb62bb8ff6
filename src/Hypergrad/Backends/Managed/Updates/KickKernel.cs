using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>x ← x + c·φ(g); c̄ += Σ x̄∘φ(g), u += c·x̄∘φ′(g).</summary>
internal sealed unsafe class KickKernel<T>(
    ManagedVector<T> target, ManagedVector<T> gradient, CoefficientRing<T> coefficient, bool isSquare) : UpdateKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override bool Advance(int replica, in WeightTile tile)
    {
        T* x = target.Replica(replica) + tile.Start, g = gradient.Replica(replica) + tile.Start;
        return isSquare ? Advance<SquareFunction>(coefficient.At(tile), g, x, tile.Count)
            : Advance<IdentityFunction>(coefficient.At(tile), g, x, tile.Count);
    }

    /// <summary>u += c·x̄∘φ′(g), over one tile.</summary>
    /// <param name="replica">Which of the runs trained side by side.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="adjoint">x̄.</param>
    /// <param name="direction">u.</param>
    /// <param name="add">Whether u is added to, instead of overwritten.</param>
    public void Direct(int replica, in WeightTile tile, ManagedVector<T> adjoint, ManagedVector<T> direction, bool add)
    {
        T* xBar = adjoint.Replica(replica) + tile.Start, u = direction.Replica(replica) + tile.Start;
        if (!isSquare)
        {
            RingFormulas.Multiply(coefficient.At(tile), xBar, u, tile.Count, add);
            return;
        }
        T* scratch = stackalloc T[WeightTile.Largest], g = gradient.Replica(replica) + tile.Start;
        Elementwise.Apply<T, TwiceProductFormula>(g, xBar, g, g, g, scratch, tile.Count);
        RingFormulas.Multiply(coefficient.At(tile), scratch, u, tile.Count, add);
    }

    /// <summary>c̄ += Σ x̄∘φ(g), over one tile.</summary>
    /// <param name="replica">Which of the runs trained side by side.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="tileIndex">Its number.</param>
    /// <param name="adjoint">x̄.</param>
    /// <param name="gathered">c̄, or null.</param>
    public void Gather(
        int replica, in WeightTile tile, int tileIndex, ManagedVector<T> adjoint, ManagedCoefficientVector? gathered)
    {
        if (gathered is null)
            return;
        T* xBar = adjoint.Replica(replica) + tile.Start, g = gradient.Replica(replica) + tile.Start;
        var sums = gathered.SumsOf(replica, tileIndex, out int start);
        if (!isSquare)
        {
            RingFormulas.Dot(xBar, g, tile.Count, sums, start);
            return;
        }
        T* scratch = stackalloc T[WeightTile.Largest];
        Elementwise.Apply<T, SquareFormula>(g, g, g, g, g, scratch, tile.Count);
        RingFormulas.Dot(xBar, scratch, tile.Count, sums, start);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Advance<TFunction>(RingCursor<T> coefficients, T* gradient, T* target, int count)
        where TFunction : struct, IGradientFunction
    {
        int width = Vector512<T>.Count;
        var suspect = Vector512<T>.Zero;
        for (int i = 0; i < count; i += width, coefficients.Advance(width))
        {
            int rest = Math.Min(width, count - i);
            bool whole = rest == width;
            var g = whole ? Vector512.Load(gradient + i) : Elementwise.Load(gradient + i, rest);
            var x = whole ? Vector512.Load(target + i) : Elementwise.Load(target + i, rest);
            x = VectorMath.MultiplyAdd(coefficients.Current, TFunction.Of(g), x);
            // x − x is 0 for a number, and not for one that is not finite.
            suspect |= x - x;
            if (whole)
                x.Store(target + i);
            else
                Elementwise.Store(x, target + i, rest);
        }
        return Vector512.EqualsAll(suspect, Vector512<T>.Zero);
    }

    private interface IGradientFunction
    {
        static abstract Vector512<T> Of(Vector512<T> g);
    }

    private readonly struct IdentityFunction : IGradientFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Of(Vector512<T> g) => g;
    }

    private readonly struct SquareFunction : IGradientFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Of(Vector512<T> g) => g * g;
    }

    private readonly struct SquareFormula : IElementwiseFormula<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Apply(Vector512<T> g, Vector512<T> b, Vector512<T> c, Vector512<T> d, Vector512<T> e) => g * g;
    }

    private readonly struct TwiceProductFormula : IElementwiseFormula<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Apply(Vector512<T> g, Vector512<T> adjoint, Vector512<T> c, Vector512<T> d, Vector512<T> e) =>
            (g + g) * adjoint;
    }
}
