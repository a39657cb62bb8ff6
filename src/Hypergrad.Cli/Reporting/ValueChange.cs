namespace Hypergrad.Cli.Reporting;

/// <summary>One hyperparameter without a schedule, such as the initial scale of W1, before and after tuning.</summary>
internal sealed record ValueChange(string Name, double Before, double After);
