namespace Hypergrad.Cli.Baselines;

/// <summary>One training of a baseline.</summary>
/// <param name="Number">From 0, the start that the tuning has too.</param>
/// <param name="Constants">The value of each hyperparameter that is searched, in the order of the search.</param>
/// <param name="ValidationLoss">The validation loss, in training's units; NaN where training diverged.</param>
internal sealed record BaselineTrial(int Number, IReadOnlyList<double> Constants, double ValidationLoss)
{
    /// <summary>Its standard error over the replicas; NaN of one.</summary>
    public double ValidationStandardError { get; init; } = double.NaN;

    /// <summary>The fraction of validation examples classified wrongly; NaN where there are no classes.</summary>
    public double ValidationErrorRate { get; init; } = double.NaN;

    /// <summary>The test loss; NaN without a test set.</summary>
    public double TestLoss { get; init; } = double.NaN;

    /// <summary>Its standard error over the replicas; NaN of one.</summary>
    public double TestStandardError { get; init; } = double.NaN;

    /// <summary>The fraction of test examples classified wrongly; NaN likewise.</summary>
    public double TestErrorRate { get; init; } = double.NaN;
}
