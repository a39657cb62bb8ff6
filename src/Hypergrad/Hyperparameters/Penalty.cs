using Hypergrad.Data;
using Hypergrad.Networks;

namespace Hypergrad.Hyperparameters;

/// <summary>An L2 penalty Σ λ_j w_j² or an L1 penalty Σ μ_j |w_j|, a coefficient for each group of weights.</summary>
public sealed record Penalty : Hyperparameter
{
    private Penalty(Sharing sharing, double initial)
    {
        Sharing = sharing;
        Initial = initial;
    }

    /// <summary>Which weights share a coefficient; each has one of its own where a map makes them.</summary>
    public Sharing Sharing { get; }

    /// <summary>What makes the coefficients of all weights out of fewer values, or null where the values are the coefficients.</summary>
    public WeightMap? Map { get; private init; }

    /// <summary>A coefficient for each group of weights.</summary>
    /// <param name="sharing">Any sharing; Input gives one coefficient per input pixel in the first layer, Weight one per weight.</param>
    /// <param name="initial">The coefficient at the start.</param>
    public static Penalty Per(Sharing sharing, double initial) => new(sharing, initial);

    /// <summary>Coefficients that are a function of fewer values, such as cut-offs (<see cref="CutoffPenalty"/>).</summary>
    /// <param name="map">From the values to a coefficient for each weight.</param>
    public static Penalty By(WeightMap map) =>
        new(Sharing.Weight, 0) { Map = map ?? throw new ArgumentNullException(nameof(map)) };

    /// <summary>The same coefficients, not to be tuned.</summary>
    public new Penalty Fixed() => this with { IsTuned = false };

    /// <summary>The raw table for a network.</summary>
    internal PenaltyTable ToTable(Network network, string name)
    {
        var grouping = new WeightGrouping(network, Sharing);
        var values = Values;
        if (Map is not null)
            values = Map.Made(values ?? Map.Start, network);
        else if (values is null)
            Array.Fill(values = new double[grouping.Count], Initial);
        return new PenaltyTable(grouping, values, name);
    }

    internal override int CountFor(Network network, Dataset training) => Map?.Count ?? new WeightGrouping(network, Sharing).Count;

    internal override double[] StartFor(Network network, Dataset training) => Map?.Start ?? base.StartFor(network, training);

    internal override Transform? OwnTransform(Network network, int count) => Map?.Transform;

    /// <inheritdoc/>
    public override string NameOf(int index, Network network) => Map?.NameOf(index) ?? new WeightGrouping(network, Sharing).NameOf(index);

    internal override void PullBack(ReadOnlySpan<double> raw, PullBackContext context, Span<double> gradient)
    {
        if (Map is not null)
            Map.PullBack(Values, raw, gradient);
        else
            new WeightGrouping(context.Network, Sharing).Sum(raw, gradient);
    }
}
