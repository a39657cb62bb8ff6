using Hypergrad.Interop;

namespace Hypergrad.Backends.Native;

/// <summary>The updates of a session's optimizer, and their pull-backs.</summary>
internal sealed unsafe partial class NativeSession
{
    public void Advance(Step step) => Check(NativeMethods.hg_session_advance(Handle, step.Number));

    public void PullBackDrifts(Step step, OptimizerAdjoint adjoint) =>
        WithAdjoint(adjoint, parts => NativeMethods.hg_session_pull_back_drifts(Handle, step.Number, (hg_adjoint*)parts));

    public void PullBackKicks(Step step, OptimizerAdjoint adjoint, IVector direction, bool add = false)
    {
        WithAdjoint(adjoint, parts =>
            NativeMethods.hg_session_pull_back_kicks(Handle, step.Number, (hg_adjoint*)parts, At(direction), add ? 1 : 0));
        GC.KeepAlive(direction);
    }

    public void PullBackDecays(Step step, OptimizerAdjoint adjoint) =>
        WithAdjoint(adjoint, parts => NativeMethods.hg_session_pull_back_decays(Handle, step.Number, (hg_adjoint*)parts));

    private void WithAdjoint(OptimizerAdjoint adjoint, Func<nint, hg_status> call)
    {
        ArgumentNullException.ThrowIfNull(adjoint);
        ulong[] slots = [.. adjoint.Slots.Select(At)];
        ulong[] tables = [.. adjoint.Coefficients.Select(table => table is NativeCoefficientVector native ? native.Handle : 0)];
        fixed (ulong* slot = slots, table = tables)
        {
            var parts = new hg_adjoint
            {
                struct_size = sizeof(hg_adjoint),
                slot_count = slots.Length,
                coefficient_count = tables.Length,
                weights = At(adjoint.Weights),
                slots = slot,
                coefficients = table,
            };
            Check(call((nint)(&parts)), adjoint);
        }
    }
}
