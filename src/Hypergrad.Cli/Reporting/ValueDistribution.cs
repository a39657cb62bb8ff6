namespace Hypergrad.Cli.Reporting;

/// <summary>Very many hyperparameters of one kind: how their values are spread, and which are the extremes.</summary>
/// <param name="Title">What they are, such as "Example weights".</param>
/// <param name="Quantity">The axis title, such as "example weight".</param>
/// <param name="Logarithmic">Whether the bins are of equal ratios, and the axis is logarithmic.</param>
/// <param name="Count">How many values there are.</param>
/// <param name="Edges">The edges of the bins, ascending, one more than there are bins.</param>
/// <param name="After">How many values after tuning lie in each bin.</param>
internal sealed record ValueDistribution(
    string Title, string Quantity, bool Logarithmic, int Count, IReadOnlyList<double> Edges, IReadOnlyList<int> After)
{
    /// <summary>How many values before tuning lie in each bin.</summary>
    public IReadOnlyList<int> Before { get; init; } = [];

    /// <summary>The values that are lowest after tuning, ascending.</summary>
    public IReadOnlyList<ValueChange> Lowest { get; init; } = [];

    /// <summary>The values that are highest after tuning, descending.</summary>
    public IReadOnlyList<ValueChange> Highest { get; init; } = [];

    /// <summary>Quantiles by their names, such as "median".</summary>
    public IReadOnlyList<ValueChange> Quantiles { get; init; } = [];

    /// <summary>The means over the examples of each class; empty where the values belong to no examples of classes.</summary>
    public IReadOnlyList<ValueChange> ClassMeans { get; init; } = [];
}
