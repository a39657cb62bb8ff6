namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>A round value on an axis and how it is written.</summary>
internal readonly record struct Tick(double Value, string Label);
