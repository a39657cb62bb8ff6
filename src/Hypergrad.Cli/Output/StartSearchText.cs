using System.Globalization;
using Hypergrad.MetaOptimization;

namespace Hypergrad.Cli.Output;

/// <summary>Says what the search for a start brought.</summary>
internal static class StartSearchText
{
    /// <summary>A sentence; null where there was no search.</summary>
    public static string? Of(TuningResult result, TaskFigures figures)
    {
        if (result.StartSearch is not { } search)
            return null;
        string before = double.IsFinite(search.LossBefore) ? figures.Text(search.LossBefore) : "diverging";
        string diverged = search.Diverged > 0 ? $", {search.Diverged} of which diverged" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"Start: {search.Trials.Count} trainings in {search.Duration.TotalSeconds:F1} s{diverged}; ")
            + $"validation loss {before} as stated, {figures.Text(search.Best.ValidationLoss)} at the best: {search.Changes}.";
    }
}
