namespace Hypergrad.Cli.Reporting.Comparison;

/// <summary>One of several tunings side by side.</summary>
/// <param name="Name">What it is called on the page, such as its folder's name.</param>
/// <param name="Report">Its report.</param>
internal sealed record ComparedRun(string Name, TuningReport Report);
