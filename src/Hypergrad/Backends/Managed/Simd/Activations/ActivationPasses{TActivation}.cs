using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Simd.Activations;

/// <inheritdoc/>
internal sealed unsafe class ActivationPasses<T, TActivation> : ActivationPasses<T>
    where T : unmanaged, INumberBase<T> where TActivation : struct, IActivation<T>
{
    public override bool KeepsInput => TActivation.KeepsInput;

    public override bool IsPiecewiseLinear => TActivation.IsPiecewiseLinear;

    public override void Forward(T* z, T* a, int count) => Elementwise.Apply<T, ValueFormula>(z, z, z, z, z, a, count);

    public override void Backward(T* z, T* a, T* upstream, T* delta, int count) =>
        Elementwise.Apply<T, DerivativeFormula>(z, a, upstream, upstream, upstream, delta, count);

    public override void TangentForward(T* z, T* a, T* inputTangent, T* tangent, int count) =>
        Elementwise.Apply<T, DerivativeFormula>(z, a, inputTangent, inputTangent, inputTangent, tangent, count);

    public override void TangentBackward(T* z, T* a, T* upstream, T* inputTangent, T* upstreamTangent, int count) =>
        Elementwise.Apply<T, TangentFormula>(z, a, upstream, inputTangent, upstreamTangent, upstreamTangent, count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ForwardWithSlope(T* z, T* a, int count)
    {
        for (int i = 0; i < count; i += Vector512<T>.Count)
        {
            int rest = count - i;
            Elementwise.StorePart(TActivation.Value(Elementwise.LoadPart(z + i, rest), out var slope, out _), a + i, rest);
            Elementwise.StorePart(slope, z + i, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ForwardWithTangent(T* z, T* a, T* inputTangent, T* tangent, int count)
    {
        for (int i = 0; i < count; i += Vector512<T>.Count)
        {
            int rest = count - i;
            Vector512<T> sum = Elementwise.LoadPart(z + i, rest), turn = Elementwise.LoadPart(inputTangent + i, rest), value, slope;
            if (TActivation.KeepsInput)
            {
                value = TActivation.Value(sum, out slope, out var curvature);
                Elementwise.StorePart(slope, z + i, rest);
                Elementwise.StorePart(curvature * turn, inputTangent + i, rest);
            }
            else
            {
                value = TActivation.Value(sum);
                slope = TActivation.Derivative(sum, value);
            }
            Elementwise.StorePart(value, a + i, rest);
            Elementwise.StorePart(slope * turn, tangent + i, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void BackwardWithTangent(T* z, T* a, T* upstream, T* inputTangent, T* upstreamTangent, int count)
    {
        for (int i = 0; i < count; i += Vector512<T>.Count)
        {
            int rest = count - i;
            Vector512<T> e = Elementwise.LoadPart(upstream + i, rest), along = Elementwise.LoadPart(upstreamTangent + i, rest);
            Vector512<T> slope = Elementwise.LoadPart((TActivation.KeepsInput ? z : a) + i, rest), turn = default;
            if (!TActivation.IsPiecewiseLinear)
                turn = Elementwise.LoadPart(inputTangent + i, rest);
            if (!TActivation.KeepsInput)
                (slope, turn) = (TActivation.Derivative(slope, slope), TActivation.SecondDerivative(slope, slope) * turn);
            Elementwise.StorePart(slope * e, upstream + i, rest);
            along = TActivation.IsPiecewiseLinear ? slope * along : VectorMath.MultiplyAdd(turn, e, slope * along);
            Elementwise.StorePart(along, upstreamTangent + i, rest);
        }
    }

    private readonly struct ValueFormula : IElementwiseFormula<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Apply(Vector512<T> z, Vector512<T> b, Vector512<T> c, Vector512<T> d, Vector512<T> e) =>
            TActivation.Value(z);
    }

    private readonly struct DerivativeFormula : IElementwiseFormula<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Apply(Vector512<T> z, Vector512<T> a, Vector512<T> x, Vector512<T> d, Vector512<T> e) =>
            TActivation.Derivative(z, a) * x;
    }

    private readonly struct TangentFormula : IElementwiseFormula<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Apply(
            Vector512<T> z, Vector512<T> a, Vector512<T> upstream, Vector512<T> inputTangent, Vector512<T> upstreamTangent) =>
            VectorMath.MultiplyAdd(
                TActivation.SecondDerivative(z, a) * inputTangent, upstream, TActivation.Derivative(z, a) * upstreamTangent);
    }
}
