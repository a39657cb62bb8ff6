using Hypergrad.Experiments.Pages;

namespace Hypergrad.Experiments.Running;

/// <summary>The table of a method beside its baselines.</summary>
internal static class Comparison
{
    /// <param name="caption">At which budget.</param>
    /// <param name="rows">A name, how it did, and what it cost in trainings.</param>
    public static FigureTable Of(string caption, params IReadOnlyList<(string Name, Judgement Judged, int Trainings)> rows) => new(
        "Beside the baselines", caption, ["", "validation loss (nats)", "test loss (nats)", "test error", "trainings"],
        [.. rows.Select(row => (string[])
            [row.Name, Figures.Of(row.Judged.Validation), Figures.Of(row.Judged.Test), Figures.Percent(row.Judged.TestErrorRate),
             Figures.Of(row.Trainings)])]);
}
