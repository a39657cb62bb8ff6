namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>The part a series plays, which fixes its colour, thickness and dashes everywhere on the page.</summary>
internal enum SeriesStyle
{
    Training,
    Validation,
    Test,
    Before,
    After,

    // The runs of a comparison, in their order.
    First,
    Second,
    Third,
    Fourth,
    Fifth,
    Sixth,
    Seventh,
    Eighth,
}
