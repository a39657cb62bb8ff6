using Hypergrad.Interop;

namespace Hypergrad.Backends.Native;

/// <summary>The vector work of a session.</summary>
internal sealed unsafe partial class NativeSession
{
    public void Copy(IVector source, IVector target) => Check(NativeMethods.hg_vector_copy(Handle, At(source), At(target)), source, target);

    public void Clear(IVector target) => Check(NativeMethods.hg_vector_clear(Handle, At(target)), target);

    public void Subtract(IVector source, IVector target) =>
        Check(NativeMethods.hg_vector_subtract(Handle, At(source), At(target)), source, target);

    public void Multiply(StepCoefficient coefficient, Step step, IVector source, IVector target) =>
        Check(NativeMethods.hg_vector_multiply(Handle, (int)NumberOf(coefficient), step.Number, At(source), At(target)), source, target);

    public void MultiplyAdd(StepCoefficient coefficient, Step step, IVector source, IVector target) =>
        Check(NativeMethods.hg_vector_multiply_add(Handle, (int)NumberOf(coefficient), step.Number, At(source), At(target)),
            source, target);

    public void GroupDot(IScheduleVector? gradient, Step step, IVector a, IVector b)
    {
        if (gradient is not NativeScheduleVector table)
            return;
        Check(NativeMethods.hg_group_dot(Handle, table.Handle, step.Number, At(a), At(b)), a, b);
        GC.KeepAlive(table);
    }

    public void SubtractPenaltyTangent(IVector direction, IVector? l2, IVector? l1)
    {
        if (l2 is null && l1 is null)
            return;
        Check(
            NativeMethods.hg_session_subtract_penalty_tangent(Handle, At(direction), l2 is null ? 0 : At(l2), l1 is null ? 0 : At(l1)),
            l2, l1);
        GC.KeepAlive(direction);
    }

    private static ulong At(IVector vector) => ((NativeVector)vector).Handle;

    private static hg_coefficient NumberOf(StepCoefficient coefficient) => coefficient switch
    {
        StepCoefficient.LearningRate => hg_coefficient.HG_LEARNING_RATE,
        StepCoefficient.Momentum => hg_coefficient.HG_MOMENTUM,
        _ => hg_coefficient.HG_MOMENTUM_COMPLEMENT,
    };
}
