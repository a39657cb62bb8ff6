using System.Numerics;
using Hypergrad.Backends.Managed.Operations;
using Hypergrad.Runs;

namespace Hypergrad.Backends.Managed;

/// <summary>
/// What the evaluation of the gradient left at the last steps of a run: of some gradients, values and adjoints, of others before them the
/// values. On the way back a step's are recalled instead of evaluated, once, and are given up.
/// </summary>
internal sealed unsafe class KeptEvaluations<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int first, firstWhole, replicas, count, lanes, rows;
    private readonly NetworkPasses<T>?[] passes;
    private readonly ManagedVector<T>?[] gradients;
    private readonly bool[] kept;
    private int recalled = -1;

    /// <param name="run">The run.</param>
    /// <param name="microbatches">How its minibatches are cut.</param>
    /// <param name="steps">Which of its last steps are kept.</param>
    public KeptEvaluations(RawRun run, Microbatches microbatches, KeptSteps steps)
    {
        (first, firstWhole) = (run.Steps - steps.Count, run.Steps - steps.Whole);
        (replicas, count) = (run.Replicas, run.Network.ParameterCount);
        (lanes, rows) = (replicas * microbatches.Count, microbatches.Rows);
        passes = new NetworkPasses<T>?[steps.Count * lanes];
        gradients = new ManagedVector<T>?[steps.Count];
        kept = new bool[steps.Count];
    }

    /// <summary>Whether something of a step is to be kept that is not there yet.</summary>
    public bool Wants(int step) => step >= first && !kept[step - first];

    /// <summary>Whether all of a step's evaluation is there.</summary>
    public bool HasWhole(int step) => step >= firstWhole && kept[step - first];

    /// <summary>Whether a step's values are there, and no more.</summary>
    public bool HasValues(int step) => step >= first && step < firstWhole && kept[step - first];

    /// <summary>Whether all of a step is what is kept of it.</summary>
    public bool IsWhole(int step) => step >= firstWhole;

    /// <summary>The passes that a step is evaluated in, or was.</summary>
    /// <param name="step">A step that is kept.</param>
    /// <param name="lane">Which of all microbatches of all runs trained side by side.</param>
    /// <param name="pool">Makes passes.</param>
    public NetworkPasses<T> PassesOf(int step, int lane, PassesPool<T> pool) =>
        passes[(step - first) * lanes + lane] ??= pool.New(rows, IsWhole(step) ? Lasting.All : Lasting.Values);

    /// <summary>A step has been evaluated in its passes: they are kept and, where all of it is, the gradient.</summary>
    public void Keep(int step, ManagedVector<T> gradient, TileWork work)
    {
        kept[step - first] = true;
        if (!IsWhole(step))
            return;
        var copy = gradients[step - first] = new(replicas, count);
        work.ForEachTile((replica, in tile, _) => Copy(gradient, copy, replica, tile));
    }

    /// <summary>A step is gone on to: what was recalled of another is given up.</summary>
    public void GoOnTo(int step)
    {
        if (recalled >= 0 && recalled != step)
            GiveUp(recalled);
    }

    /// <summary>Puts the gradient of a step back, all of which is kept.</summary>
    public void Recall(int step, ManagedVector<T> gradient, TileWork work)
    {
        recalled = step;
        var copy = gradients[step - first]!;
        work.ForEachTile((replica, in tile, _) => Copy(copy, gradient, replica, tile));
    }

    /// <summary>Gives up what is kept of a step.</summary>
    public void GiveUp(int step)
    {
        int place = step - first;
        if (recalled == step)
            recalled = -1;
        gradients[place]?.Dispose();
        (gradients[place], kept[place]) = (null, false);
        foreach (ref var network in passes.AsSpan(place * lanes, lanes))
        {
            network?.Dispose();
            network = null;
        }
    }

    /// <summary>Gives up all that is kept.</summary>
    public void Clear()
    {
        for (int place = 0; place < kept.Length; place++)
            GiveUp(first + place);
    }

    public void Dispose() => Clear();

    private static void Copy(ManagedVector<T> source, ManagedVector<T> target, int replica, in WeightTile tile) =>
        new Span<T>(source.Replica(replica) + tile.Start, tile.Count).CopyTo(new(target.Replica(replica) + tile.Start, tile.Count));
}
