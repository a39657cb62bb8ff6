using Hypergrad.Cli.Reporting;

namespace Hypergrad.Cli.Output;

/// <summary>What report.json holds.</summary>
/// <param name="Format">The format and its version.</param>
/// <param name="Report">What the page says.</param>
internal sealed record ReportContent(string Format, TuningReport Report);
