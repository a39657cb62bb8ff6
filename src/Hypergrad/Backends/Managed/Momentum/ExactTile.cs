using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Momentum;

/// <summary>
/// The arrays of one replica where a tile begins, and the loops over it. The last few weights of a tile make a tile on the stack.
/// </summary>
internal unsafe struct ExactTile<T> where T : unmanaged
{
    public const int Width = 8;

    public long* Position;
    public long* Velocity;
    public ushort* Digits;

    /// <summary>
    /// Where digit stores stand before their spill, or null when the step spills nothing here and they fit their 16 bits.
    /// </summary>
    public uint* Wide;

    public T* Gradient;
    public T* Weight;

    /// <summary>Gets the velocity as a real number, on the way back.</summary>
    public T* RealVelocity;

    public int Count;

    /// <summary>One step forward.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Forward(ExactRings.Cursor coefficients, ref Faults faults)
    {
        int i = 0;
        for (; i <= Count - Width; i += Width, coefficients.Advance())
        {
            var digits = ExactStep.Forward(
                Position + i, Velocity + i, Gradient + i, Weight + i, FixedPointVectors.LoadDigits(Digits + i), coefficients.Current,
                ref faults);
            if (Wide is null)
                FixedPointVectors.StoreDigits(digits, Digits + i);
            else
                FixedPointVectors.StoreDigits(digits, Wide + i);
        }
        if (i == Count)
            return;
        var end = new ExactTileEnd();
        end.Open(this, i).Forward(coefficients, ref faults);
        end.Close(this, i);
    }

    /// <summary>One step back, but for its drift; then the drift of the step before it, if there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Back(ExactRings.Cursor coefficients, bool undoDrift)
    {
        int i = 0;
        for (; i <= Count - Width; i += Width, coefficients.Advance())
        {
            var c = coefficients.Current;
            var digits = Wide is null ? FixedPointVectors.LoadDigits(Digits + i) : FixedPointVectors.LoadDigits(Wide + i);
            digits = ExactStep.UndoKickAndDecay(Velocity + i, Gradient + i, RealVelocity + i, digits, c);
            FixedPointVectors.StoreDigits(digits, Digits + i);
            if (undoDrift)
                ExactStep.UndoDrift(Position + i, Velocity + i, Weight + i, c.LearningRate);
        }
        if (i == Count)
            return;
        var end = new ExactTileEnd();
        end.Open(this, i).Back(coefficients, undoDrift);
        end.Close(this, i);
    }

    /// <summary>The drift of the run's last step undone, and its velocity made real.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void UndoDrift(ExactRings.Cursor coefficients)
    {
        int i = 0;
        for (; i <= Count - Width; i += Width, coefficients.Advance())
        {
            ExactStep.UndoDrift(Position + i, Velocity + i, Weight + i, coefficients.Current.LearningRate);
            ExactStep.StoreReal(Vector512.Load(Velocity + i), RealVelocity + i);
        }
        if (i == Count)
            return;
        var end = new ExactTileEnd();
        end.Open(this, i).UndoDrift(coefficients);
        end.Close(this, i);
    }
}
