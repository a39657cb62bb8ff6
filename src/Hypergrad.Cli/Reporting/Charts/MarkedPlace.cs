namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>A place on the x axis that a line from top to bottom marks, with its name.</summary>
internal sealed record MarkedPlace(double X, string Name);
