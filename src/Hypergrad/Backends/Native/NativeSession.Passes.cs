using Hypergrad.Data;
using Hypergrad.Interop;
using Hypergrad.Runs;

namespace Hypergrad.Backends.Native;

/// <summary>The passes of a session.</summary>
internal sealed unsafe partial class NativeSession
{
    public void Start()
    {
        ForEachStart(((NativeVector)Weights).Write);
        foreach (var slot in Slots)
            Clear(slot);
    }

    /// <summary>None: the library evaluates again, to the same bits.</summary>
    public int KeepEvaluations(long bytes) => 0;

    public void EvaluateGradient(Step step) => Check(NativeMethods.hg_session_evaluate_gradient(Handle, step.Number));

    public void EvaluateTangent(Step step, IVector direction, IVector hessianProduct, IDataVector? data)
    {
        ulong gathered = data is NativeDataVector native ? native.Handle : 0;
        Check(
            NativeMethods.hg_session_evaluate_tangent(Handle, step.Number, At(direction), At(hessianProduct), gathered),
            direction, data);
        GC.KeepAlive(hessianProduct);
    }

    public Evaluation[] Evaluate(Dataset data, IVector? gradient = null)
    {
        RawRun.RequireFit(Run.Network, data, "evaluation");
        cancellation.ThrowIfCancellationRequested();
        var losses = new double[Run.Replicas];
        var errorRates = new double[Run.Replicas];
        fixed (double* loss = losses, errorRate = errorRates)
        {
            ulong into = gradient is null ? 0 : At(gradient);
            nint lossAt = (nint)loss, errorRateAt = (nint)errorRate;
            datasets.Use(data, dataset =>
                Check(NativeMethods.hg_session_evaluate(Handle, dataset, into, (double*)lossAt, (double*)errorRateAt), gradient));
        }
        return [.. losses.Zip(errorRates, (loss, errorRate) => new Evaluation(loss, errorRate))];
    }

    public double[] TrainingLosses(int replica)
    {
        var losses = new double[Run.Steps];
        fixed (double* loss = losses)
            Check(NativeMethods.hg_session_training_losses(Handle, replica, loss));
        return losses;
    }

    /// <summary>The example numbers of a step's minibatch, as the library computes them.</summary>
    internal int[] Minibatch(int step, int replica)
    {
        int size;
        Check(NativeMethods.hg_session_minibatch(Handle, step, replica, 0, null, &size));
        var examples = new int[size];
        fixed (int* example = examples)
            Check(NativeMethods.hg_session_minibatch(Handle, step, replica, size, example, &size));
        return examples;
    }
}
