using Hypergrad.Cli.Reporting.Charts;
using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>One training run under the initial hyperparameters and one under the tuned ones.</summary>
internal static class ElementarySection
{
    public static void Write(MarkupWriter markup, string identifier, string heading, ElementaryCurves curves, string lossUnit)
    {
        using var section = Section.Open(markup, identifier, heading,
            "The loss of each step's minibatch, penalties included, under the initial and under the tuned hyperparameters.");
        ChartSeries[] series =
        [
            ChartSeries.OverSteps("before", SeriesStyle.Before, curves.Before),
            ChartSeries.OverSteps("after", SeriesStyle.After, curves.After),
        ];
        bool logarithmic = LossScale.IsLogarithmic(curves.Before.Concat(curves.After));
        const string description = "Training loss over training steps, before and after tuning";
        LineChart.WriteResponsive(markup, new(description, "training step", "training loss", logarithmic, series) { Unit = lossUnit });
        NumberTable.WriteSteps(
            markup, "Numbers of the learning curves", "training step", [("before", curves.Before), ("after", curves.After)]);
    }
}
