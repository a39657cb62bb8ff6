namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>A shaded region between two curves, such as two quantiles of many series.</summary>
internal sealed record ChartBand(SeriesStyle Style, IReadOnlyList<double> X, IReadOnlyList<double> Lower, IReadOnlyList<double> Upper);
