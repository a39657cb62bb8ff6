using Hypergrad.Hyperparameters;
using Hypergrad.Interop;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Backends.Native;

/// <summary>A run opened in the native library. Every primitive is a call; nothing is computed here.</summary>
internal sealed unsafe partial class NativeSession : ISession
{
    // On a device steps are queued far ahead of what is done, so that now and then the host waits before it looks for a cancellation.
    private const int StepsBetweenLooks = 128;

    // Initial weights are made and handed over in pieces, so that a large network is never copied whole.
    private const int PieceSize = 1 << 16;

    private readonly CancellationToken cancellation;
    private readonly NativeObject session;
    private readonly NativeDatasets datasets;

    public NativeSession(
        NativeObject context, NativeDatasets datasets, RawRun run, Precision precision, Tf32Use tf32, CancellationToken cancellation)
    {
        run.Validate();
        (Run, Precision, this.datasets, this.cancellation) = (run, precision, datasets, cancellation);
        session = RunDescription.Open(context, datasets, run, precision, tf32);
        ulong weights, gradient;
        int onDevice;
        Check(NativeMethods.hg_session_weights(session.Value, &weights));
        Check(NativeMethods.hg_session_gradient(session.Value, &gradient));
        Check(NativeMethods.hg_context_is_device(context.Value, &onDevice));
        IsOnDevice = onDevice != 0;
        (Weights, Gradient) = (new NativeVector(this, weights), new NativeVector(this, gradient));
        var slots = new IVector[run.Optimizer.Slots.Count];
        for (int i = 0; i < slots.Length; i++)
        {
            ulong slot;
            Check(NativeMethods.hg_session_slot(session.Value, i, &slot));
            slots[i] = new NativeVector(this, slot);
        }
        Slots = slots;
    }

    public RawRun Run { get; }

    public Precision Precision { get; }

    public IVector Weights { get; }

    public IReadOnlyList<IVector> Slots { get; }

    public IVector Gradient { get; }

    /// <summary>Whether it is on a device, where work is queued.</summary>
    public bool IsOnDevice { get; }

    /// <summary>The library's handle of the session.</summary>
    public ulong Handle => session.Value;

    public IVector NewVector()
    {
        ulong vector;
        Check(NativeMethods.hg_vector_create(Handle, &vector));
        return new NativeVector(this, Own(vector));
    }

    public ICoefficientVector NewCoefficientVector(int coefficient)
    {
        ulong table;
        Check(NativeMethods.hg_coefficient_vector_create(Handle, coefficient, &table));
        return new NativeCoefficientVector(this, Own(table), Run.Optimizer.Coefficients[coefficient].Values.Length);
    }

    public IDataVector NewDataVector(IReadOnlyCollection<Quantity> quantities)
    {
        ulong data;
        Check(NativeMethods.hg_data_vector_create(Handle, (int)NativeDataVector.NumberOf(quantities), &data));
        return new NativeDataVector(this, Own(data), [.. quantities]);
    }

    public IStateHistory NewHistory(int count)
    {
        ulong history;
        Check(NativeMethods.hg_history_create(Handle, count, &history));
        return new NativeHistory(this, Own(history));
    }

    public IReversibleState NewReversibleState()
    {
        if (Run.Optimizer.WhyIrreversible() is { } reason)
            throw new ConfigurationException($"{char.ToUpperInvariant(reason[0])}{reason[1..]}.");
        ulong state;
        Check(NativeMethods.hg_reversible_create(Handle, &state));
        return new NativeReversibleState(this, Own(state));
    }

    public ILinePath NewLinePath(IReadOnlyList<int> knots)
    {
        ulong path;
        fixed (int* steps = knots.ToArray())
            Check(NativeMethods.hg_line_path_create(Handle, knots.Count, steps, &path));
        return new NativeLinePath(this, Own(path));
    }

    public IStepBody NewBody(Action<Step> body) => new NativeStepBody(this, body);

    public void ForEachStep(StepRange range, IStepBody body)
    {
        int count = range.End - range.First;
        if (count == 0)
            return;
        var native = (NativeStepBody)body;
        if (native.For(count) is not { } recorded)
        {
            cancellation.ThrowIfCancellationRequested();
            native.Run(new Step(range.First));
            return;
        }
        int chunk = !IsOnDevice ? 1 : cancellation.CanBeCanceled ? StepsBetweenLooks : count;
        for (int done = 0; done < count; done += chunk)
        {
            if (IsOnDevice && done > 0)
                Check(NativeMethods.hg_session_synchronize(Handle));
            cancellation.ThrowIfCancellationRequested();
            int size = Math.Min(chunk, count - done), first = range.IsBackward ? range.End - done - size : range.First + done;
            Check(NativeMethods.hg_body_run(Handle, recorded.Value, first, first + size, range.IsBackward ? 1 : 0));
        }
    }

    public void Dispose() => session.Dispose();

    /// <summary>Goes on if a call succeeded; what took part in it is alive until here.</summary>
    /// <exception cref="TrainingDivergedException">
    /// Training diverged, in this call or in work that was queued before it.
    /// </exception>
    /// <inheritdoc cref="NativeCall.Require"/>
    public void Check(hg_status status, object? first = null, object? second = null)
    {
        GC.KeepAlive(first);
        GC.KeepAlive(second);
        if (status == hg_status.HG_DIVERGED)
            throw Diverged();
        NativeCall.Require(status);
    }

    /// <summary>Hands w₀ of every replica over in pieces, in order.</summary>
    public void ForEachStart(Action<int, int, ReadOnlySpan<double>> body)
    {
        var (initial, count) = (Run.InitialWeights, Run.Network.ParameterCount);
        var piece = new double[Math.Min(PieceSize, count)];
        for (int replica = 0; replica < Run.Replicas; replica++)
            for (int first = 0; first < count; first += piece.Length)
            {
                var part = piece.AsSpan(0, Math.Min(piece.Length, count - first));
                initial.Fill(replica, first, part);
                // A float session starts from the float nearest to w₀, its exact state too.
                if (Precision == Precision.Single)
                    for (int i = 0; i < part.Length; i++)
                        part[i] = (float)part[i];
                body(replica, first, part);
            }
    }

    /// <summary>A body, recorded.</summary>
    public NativeObject Record(Action<Step> body)
    {
        Check(NativeMethods.hg_body_begin(Handle));
        ulong recorded;
        try
        {
            body(new Step(NativeMethods.HG_BODY_STEP));
            Check(NativeMethods.hg_body_end(Handle, &recorded));
        }
        catch
        {
            _ = NativeMethods.hg_body_cancel(Handle);
            throw;
        }
        return Own(recorded);
    }

    internal NativeObject Own(ulong handle) => new(handle, session);

    private TrainingDivergedException Diverged()
    {
        int step, parameter, slot, fault;
        NativeCall.Require(NativeMethods.hg_session_fault(Handle, &step, &parameter, &slot, &fault));
        var moved = slot < 0 ? Slot.Weights : Run.Optimizer.Slots[slot];
        return new(step, Run.Network.Tensors[parameter].Name, (hg_fault)fault switch
        {
            hg_fault.HG_GRADIENT_FAULT => "a gradient is not finite or too large for the fixed-point range",
            hg_fault.HG_SLOT_FAULT or hg_fault.HG_WEIGHT_FAULT =>
                $"a {moved.Name} left the fixed-point range of {RangeOf(moved)}",
            _ => $"a gradient or {moved.Name} is not finite",
        });
    }

    private static string RangeOf(Slot slot) => slot.IsSecondMoment ? "0 to 2³¹" : "±2048";
}
