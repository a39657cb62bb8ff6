using Hypergrad.Hyperparameters;

namespace Hypergrad.Backends.Managed;

/// <summary>Where the gradient of a schedule is gathered.</summary>
internal sealed class ManagedScheduleVector(WeightGrouping grouping, int steps, int replicas) : IScheduleVector
{
    private readonly double[] values = new double[(long)replicas * steps * grouping.Count];

    /// <summary>Which weights share a column.</summary>
    public WeightGrouping Grouping { get; } = grouping;

    /// <summary>The row of one replica and step, [groups].</summary>
    public Span<double> Row(int replica, int step) => values.AsSpan((replica * steps + step) * Grouping.Count, Grouping.Count);

    public double[] ToArray(int replica) => values.AsSpan(replica * steps * Grouping.Count, steps * Grouping.Count).ToArray();

    public void Dispose() { }
}
