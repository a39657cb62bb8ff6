namespace Hypergrad.Cli.Reporting;

/// <summary>A loss or an error before and after tuning; lower is better.</summary>
/// <param name="Name">What was measured, such as "validation loss".</param>
/// <param name="Unit">Its unit, such as "nats" or "%"; empty when it has none. The values are given in this unit.</param>
/// <param name="Before">With the initial hyperparameters.</param>
/// <param name="After">With the tuned hyperparameters.</param>
internal sealed record HeadlineFigure(string Name, string Unit, Measurement Before, Measurement After);
