namespace Hypergrad.Cli.Reporting;

/// <summary>One group's schedule: a value per training step, before and after tuning.</summary>
/// <param name="Name">The group it belongs to, such as "W1".</param>
/// <param name="Before">The initial value of each training step.</param>
/// <param name="After">The tuned value of each training step.</param>
internal sealed record ScheduleSeries(string Name, IReadOnlyList<double> Before, IReadOnlyList<double> After);
