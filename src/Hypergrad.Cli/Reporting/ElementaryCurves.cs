namespace Hypergrad.Cli.Reporting;

/// <summary>The training loss of each training step, under the initial and under the tuned hyperparameters.</summary>
internal sealed record ElementaryCurves(IReadOnlyList<double> Before, IReadOnlyList<double> After);
