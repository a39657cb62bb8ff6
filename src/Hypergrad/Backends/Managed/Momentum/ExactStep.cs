using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Arithmetic;

namespace Hypergrad.Backends.Managed.Momentum;

/// <summary>
/// The exactly reversible step, eight weights at a time: <see cref="ReversibleWeight"/> bit for bit. One pass over the arrays each way.
/// </summary>
internal static unsafe class ExactStep
{
    /// <summary>Decay, kick, drift. Digits come out before their spill, up to 32 bits wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Forward<T>(
        long* position, long* velocity, T* gradient, T* weight, Vector512<long> digits, in ExactCoefficients c, ref Faults faults)
        where T : unmanaged
    {
        var v = Vector512.Load(velocity);
        var pushed = Vector512.ShiftLeft(digits, 16) | v & Vector512.Create(0xFFFFL);
        var (quotient, remainder) = FixedPointVectors.Divide(FixedPointVectors.ToDoubleUnsigned(pushed), c.Ratio, c.AboveInverse);
        v = Vector512.ShiftRightArithmetic(v, 16) * FixedPointVectors.ToInteger(c.Ratio) + FixedPointVectors.ToInteger(remainder);

        var kick = FixedPointVectors.LoadWide(gradient) * c.Kick;
        faults.Gradient |= OutOfRange(kick);
        var change = FixedPointVectors.Truncate(kick);
        var kicked = v - change;
        faults.Velocity |= (v ^ change) & (v ^ kicked);
        kicked.Store(velocity);

        var drift = c.LearningRate * FixedPointVectors.ToDouble(kicked);
        faults.Position |= OutOfRange(drift);
        var step = FixedPointVectors.Truncate(drift);
        var x = Vector512.Load(position);
        var moved = x + step;
        faults.Position |= (x ^ moved) & (step ^ moved);
        moved.Store(position);
        StoreReal(moved, weight);
        return FixedPointVectors.ToInteger(quotient);
    }

    /// <summary>Undoes kick and decay. Digits go in as they were before their spill and come out 16 bits wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> UndoKickAndDecay<T>(
        long* velocity, T* gradient, T* real, Vector512<long> digits, in ExactCoefficients c) where T : unmanaged
    {
        var v = Vector512.Load(velocity) + FixedPointVectors.Truncate(FixedPointVectors.LoadWide(gradient) * c.Kick);
        var (quotient, remainder) = FixedPointVectors.DivideWide(v, c.Ratio, c.AboveInverse);
        var pushed = FixedPointVectors.ToInteger(FixedPointVectors.ToDoubleUnsigned(digits) * c.Ratio + remainder);
        v = Vector512.ShiftLeft(quotient, 16) | pushed & Vector512.Create(0xFFFFL);
        v.Store(velocity);
        StoreReal(v, real);
        return Vector512.ShiftRightLogical(pushed, 16);
    }

    /// <summary>Undoes a drift.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void UndoDrift<T>(long* position, long* velocity, T* weight, Vector512<double> learningRate) where T : unmanaged
    {
        var x = Vector512.Load(position) - FixedPointVectors.Truncate(learningRate * FixedPointVectors.ToDouble(Vector512.Load(velocity)));
        x.Store(position);
        StoreReal(x, weight);
    }

    /// <summary>Stores the real values of fixed-point numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreReal<T>(Vector512<long> value, T* target) where T : unmanaged =>
        FixedPointVectors.StoreNarrow(FixedPointVectors.ToDouble(value) * Vector512.Create(1 / FixedPoint.One), target);

    // A value that is not a number is out of range too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> OutOfRange(Vector512<double> value) =>
        ~Vector512.LessThan(Vector512.Abs(value), Vector512.Create(FixedPoint.Limit)).AsInt64();
}
