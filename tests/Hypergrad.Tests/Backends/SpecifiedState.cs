using Hypergrad.Arithmetic;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Backends;

/// <summary>The exact state of one replica, weight by weight, after <see cref="ReversibleWeight"/>: what the kernels must equal.</summary>
internal sealed class SpecifiedState
{
    private readonly TrainingRun run;
    private readonly ReversibleWeight[] weights;
    private readonly int[] rateGroups, momentumGroups;
    private readonly DecayRatio[] ratios;
    private readonly SpillSchedule schedule;
    private readonly List<byte>[] planes;

    public SpecifiedState(TrainingRun run, double[] start)
    {
        this.run = run;
        weights = [.. start.Select(w => new ReversibleWeight { Position = FixedPoint.FromDouble(w) })];
        (rateGroups, momentumGroups) = (GroupsOf(run.LearningRate.Grouping), GroupsOf(run.Momentum.Grouping));
        ratios = [.. run.Momentum.Values.ToArray().Select(DecayRatio.FromMomentum)];
        schedule = new(ratios, run.Momentum.Grouping.Count);
        planes = [.. Enumerable.Range(0, run.Momentum.Grouping.Count).Select(_ => new List<byte>())];
    }

    public long[] Positions => [.. weights.Select(weight => weight.Position)];

    public long[] Velocities => [.. weights.Select(weight => weight.Velocity)];

    public ushort[] Digits => [.. weights.Select(weight => checked((ushort)weight.Digits))];

    /// <summary>All planes that a group has spilled so far, one after the other.</summary>
    public byte[] Planes(int group) => [.. planes[group]];

    public void Advance(int step, Func<int, double> gradient)
    {
        for (int j = 0; j < weights.Length; j++)
            weights[j].Decay(RatioOf(step, j));
        for (int group = 0; group < planes.Length; group++)
            for (int plane = 0; plane < schedule.BytesAt(step, group); plane++)
                for (int j = 0; j < weights.Length; j++)
                    if (momentumGroups[j] == group)
                        planes[group].Add(weights[j].Spill());
        for (int j = 0; j < weights.Length; j++)
        {
            weights[j].Kick(RatioOf(step, j), gradient(j));
            weights[j].Drift(RateOf(step, j));
        }
    }

    /// <summary>Undoes a step's drift alone.</summary>
    public void UndoDrift(int step)
    {
        for (int j = 0; j < weights.Length; j++)
            weights[j].UndoDrift(RateOf(step, j));
    }

    /// <summary>Undoes a step but for its drift.</summary>
    public void UndoKickAndDecay(int step, Func<int, double> gradient)
    {
        for (int j = 0; j < weights.Length; j++)
            weights[j].UndoKick(RatioOf(step, j), gradient(j));
        for (int group = 0; group < planes.Length; group++)
            for (int plane = 0; plane < schedule.BytesAt(step, group); plane++)
                for (int j = weights.Length - 1; j >= 0; j--)
                    if (momentumGroups[j] == group)
                    {
                        weights[j].Unspill(planes[group][^1]);
                        planes[group].RemoveAt(planes[group].Count - 1);
                    }
        for (int j = 0; j < weights.Length; j++)
            weights[j].UndoDecay(RatioOf(step, j));
    }

    private DecayRatio RatioOf(int step, int weight) => ratios[step * run.Momentum.Grouping.Count + momentumGroups[weight]];

    private double RateOf(int step, int weight) => run.LearningRate.Row(step)[rateGroups[weight]];

    private static int[] GroupsOf(WeightGrouping grouping)
    {
        var groups = new double[grouping.Model.ParameterCount];
        grouping.Spread([.. Enumerable.Range(0, grouping.Count).Select(group => (double)group)], groups);
        return [.. groups.Select(group => (int)group)];
    }
}
