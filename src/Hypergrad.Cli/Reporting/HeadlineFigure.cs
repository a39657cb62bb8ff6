namespace Hypergrad.Cli.Reporting;

/// <summary>A figure before and after tuning: a loss or an error, of which lower is better, or one of which higher is.</summary>
/// <param name="Name">What was measured, such as "validation loss".</param>
/// <param name="Unit">Its unit, such as "nats" or "%"; empty when it has none. The values are given in this unit.</param>
/// <param name="Before">With the initial hyperparameters.</param>
/// <param name="After">With the tuned hyperparameters.</param>
internal sealed record HeadlineFigure(string Name, string Unit, Measurement Before, Measurement After)
{
    /// <summary>Whether higher is better, as of R².</summary>
    public bool HigherIsBetter { get; init; }
}
