using System.Runtime.InteropServices;
using Hypergrad.Data;
using Hypergrad.Interop;

namespace Hypergrad.Backends.Native;

/// <summary>
/// The datasets of a context: each is checked and copied when a session first asks for it, and used by all sessions from then on. The
/// latest few are kept, as long as the program has them; what a session trains on stays with it in any case.
/// </summary>
/// <param name="context">The context, which outlives them.</param>
internal sealed unsafe class NativeDatasets(NativeObject context) : IDisposable
{
    // Training, validation and test sets of one tuning. A tuning that changes its data has a new training set every time.
    private const int MostKept = 4;

    private readonly Lock turn = new();
    private readonly List<(WeakReference<Dataset> Of, NativeObject Owned)> kept = [];

    /// <summary>What is done with the library's handle of a dataset, which is good for as long.</summary>
    public delegate void DatasetUse(ulong dataset);

    /// <summary>How many are kept.</summary>
    internal int Count
    {
        get
        {
            lock (turn)
                return kept.Count;
        }
    }

    /// <summary>Does something with a dataset, one caller at a time.</summary>
    /// <exception cref="ConfigurationException">A number that is not finite.</exception>
    /// <exception cref="BackendException">There is no memory for it.</exception>
    public void Use(Dataset data, DatasetUse use)
    {
        lock (turn)
        {
            Forget(entry => !entry.Of.TryGetTarget(out _));
            int at = kept.FindIndex(entry => entry.Of.TryGetTarget(out var of) && ReferenceEquals(of, data));
            (WeakReference<Dataset> Of, NativeObject Owned) entry = at >= 0 ? kept[at] : (new(data), Copy(data));
            if (at >= 0)
                kept.RemoveAt(at);
            else if (kept.Count == MostKept)
                Forget(oldest => oldest == kept[0]);
            kept.Add(entry);
            use(entry.Owned.Value);
        }
    }

    /// <summary>Lets go of all of them.</summary>
    public void Dispose()
    {
        lock (turn)
            Forget(_ => true);
    }

    private void Forget(Predicate<(WeakReference<Dataset> Of, NativeObject Owned)> which)
    {
        foreach (var entry in kept.FindAll(which))
        {
            entry.Owned.Dispose();
            kept.Remove(entry);
        }
    }

    private NativeObject Copy(Dataset data)
    {
        ulong dataset;
        fixed (byte* inputs = &MemoryMarshal.GetArrayDataReference(data.Inputs.Values))
        fixed (byte* targets = &MemoryMarshal.GetArrayDataReference(data.Targets.Values))
            NativeCall.Require(NativeMethods.hg_shared_dataset_create(
                context.Value, data.Count, data.InputSize, inputs, RunDescription.NumberOf(data.Inputs.IsDouble),
                data.TargetSize, targets, RunDescription.NumberOf(data.Targets.IsDouble), data.HasClassTargets ? 1 : 0, &dataset));
        return new(dataset, context);
    }
}
