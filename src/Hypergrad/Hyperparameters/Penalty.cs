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

    /// <summary>Which weights share a coefficient.</summary>
    public Sharing Sharing { get; }

    /// <summary>A coefficient for each group of weights.</summary>
    /// <param name="sharing">Any sharing; Input gives one coefficient per input pixel in the first layer, Weight one per weight.</param>
    /// <param name="initial">The coefficient at the start.</param>
    public static Penalty Per(Sharing sharing, double initial) => new(sharing, initial);

    /// <summary>The same coefficients, not to be tuned.</summary>
    public new Penalty Fixed() => this with { IsTuned = false };

    /// <summary>The raw table for a network.</summary>
    internal PenaltyTable ToTable(Network network, string name)
    {
        var grouping = new WeightGrouping(network, Sharing);
        var values = Values;
        if (values is null)
            Array.Fill(values = new double[grouping.Count], Initial);
        return new PenaltyTable(grouping, values, name);
    }

    internal override int CountFor(Network network, Dataset training) => new WeightGrouping(network, Sharing).Count;

    /// <inheritdoc/>
    public override string NameOf(int index, Network network) => new WeightGrouping(network, Sharing).NameOf(index);

    internal override void PullBack(ReadOnlySpan<double> raw, PullBackContext context, Span<double> gradient) =>
        new WeightGrouping(context.Network, Sharing).Sum(raw, gradient);
}
