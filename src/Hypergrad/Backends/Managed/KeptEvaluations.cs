using System.Numerics;
using Hypergrad.Runs;

namespace Hypergrad.Backends.Managed;

/// <summary>
/// What the evaluation of the gradient left at the last steps of a run: gradients, values and adjoints. On the way back a step's are
/// recalled instead of evaluated, once, and are given up.
/// </summary>
internal sealed unsafe class KeptEvaluations<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int first, replicas, count, lanes, rows;
    private readonly NetworkPasses<T>?[] passes;
    private readonly ManagedVector<T>?[] gradients;
    private int recalled = -1;

    /// <param name="run">The run.</param>
    /// <param name="microbatches">How its minibatches are cut.</param>
    /// <param name="steps">How many of its last steps are kept.</param>
    public KeptEvaluations(RawRun run, Microbatches microbatches, int steps)
    {
        (first, replicas, count) = (run.Steps - steps, run.Replicas, run.Network.ParameterCount);
        (lanes, rows) = (replicas * microbatches.Count, microbatches.Rows);
        passes = new NetworkPasses<T>?[steps * lanes];
        gradients = new ManagedVector<T>?[steps];
    }

    /// <summary>Whether a step is one of those that are kept.</summary>
    public bool Covers(int step) => step >= first;

    /// <summary>Whether the evaluation of a step is there.</summary>
    public bool Has(int step) => Covers(step) && gradients[step - first] is not null;

    /// <summary>The passes that a step is evaluated in, or was.</summary>
    /// <param name="step">A step that is kept.</param>
    /// <param name="lane">Which of all microbatches of all runs trained side by side.</param>
    /// <param name="pool">Makes passes.</param>
    public NetworkPasses<T> PassesOf(int step, int lane, PassesPool<T> pool) =>
        passes[(step - first) * lanes + lane] ??= pool.New(rows);

    /// <summary>Keeps the gradient of a step.</summary>
    public void Keep(int step, ManagedVector<T> gradient, TileWork work)
    {
        var kept = gradients[step - first] = new(replicas, count);
        work.ForEachTile((replica, in tile, _) => Copy(gradient, kept, replica, tile));
    }

    /// <summary>Puts the gradient of a step back; what was recalled before is given up.</summary>
    public void Recall(int step, ManagedVector<T> gradient, TileWork work)
    {
        if (recalled >= 0)
            GiveUp(recalled);
        recalled = step - first;
        var kept = gradients[recalled]!;
        work.ForEachTile((replica, in tile, _) => Copy(kept, gradient, replica, tile));
    }

    /// <summary>Gives up all that is kept.</summary>
    public void Clear()
    {
        recalled = -1;
        for (int step = 0; step < gradients.Length; step++)
            GiveUp(step);
    }

    public void Dispose() => Clear();

    private void GiveUp(int step)
    {
        gradients[step]?.Dispose();
        gradients[step] = null;
        for (int place = step * lanes; place < (step + 1) * lanes; place++)
        {
            passes[place]?.Dispose();
            passes[place] = null;
        }
    }

    private static void Copy(ManagedVector<T> source, ManagedVector<T> target, int replica, in WeightTile tile) =>
        new Span<T>(source.Replica(replica) + tile.Start, tile.Count).CopyTo(new(target.Replica(replica) + tile.Start, tile.Count));
}
