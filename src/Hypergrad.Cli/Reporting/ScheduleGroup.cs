namespace Hypergrad.Cli.Reporting;

/// <summary>The schedules of one hyperparameter, drawn on common axes.</summary>
/// <param name="Hyperparameter">Its name, such as "learning rate" or "momentum".</param>
/// <param name="Logarithmic">Whether its axis is logarithmic.</param>
/// <param name="Series">One schedule per group that shares a value.</param>
internal sealed record ScheduleGroup(string Hyperparameter, bool Logarithmic, IReadOnlyList<ScheduleSeries> Series);
