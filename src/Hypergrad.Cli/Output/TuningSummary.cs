using System.Globalization;
using Hypergrad.Hypergradients;
using Hypergrad.MetaOptimization;
using Spectre.Console;

namespace Hypergrad.Cli.Output;

/// <summary>The table at the end of a tuning: before and after.</summary>
internal static class TuningSummary
{
    public static void Print(IAnsiConsole console, TuningResult result, TuningFacts facts)
    {
        var (before, after, figures) = (result.Before, result.After, facts.Figures);
        var table = new Table().AddColumns("", "before", "after", "ratio");
        foreach (int column in new[] { 1, 2, 3 })
            table.Columns[column].RightAligned();
        Row(table, "validation loss (guides)", figures.LossOf(before.Validation), figures.LossOf(after.Validation));
        if (before.Test is { } testBefore && after.Test is { } testAfter)
            Row(table, "test loss (judges)", figures.LossOf(testBefore), figures.LossOf(testAfter));
        Row(table, "training loss, last tenth",
            new(figures.LossOf(before.TrainingLoss), double.NaN), new(figures.LossOf(after.TrainingLoss), double.NaN));
        if (!double.IsNaN(before.ValidationErrorRate))
            Percent(table, "validation error", before.ValidationErrorRate, after.ValidationErrorRate);
        if (before.TestErrorRate is { } errorBefore && after.TestErrorRate is { } errorAfter && !double.IsNaN(errorBefore))
            Percent(table, "test error", errorBefore, errorAfter);
        foreach (var (name, figure) in new (string, Func<MetaStepRecord, Estimate?>)[]
        {
            ("validation RMSE", figures.ValidationRmse), ("test RMSE", figures.TestRmse),
            ("validation R²", figures.ValidationRSquared), ("test R²", figures.TestRSquared),
        })
            if (figure(before) is { } rowBefore && figure(after) is { } rowAfter)
                Row(table, name, rowBefore, rowAfter, hasRatio: name.EndsWith("RMSE", StringComparison.Ordinal));
        console.Write(table);
        if (figures.Words.Figures is { } words)
            console.WriteLine(words);
        if (StartSearchText.Of(result, figures) is { } start)
            console.WriteLine(start);
        if (ReportBuilder.ReversalOf(result) is { } reversal)
            console.WriteLine((reversal.Exact ? "Every training was reversed to the bit." : "A REVERSAL WAS NOT EXACT.")
                + $" The memory for it: {reversal.Memory}.");
        if (result.AdjointGrowth?.Warning is { } warning)
            console.WriteLine(warning);
        if (result.OverfittingSince is { } since)
            console.WriteLine($"After meta-step {since} the test loss rose while the validation loss fell: "
                + "the hyperparameters overfit the validation set.");
        console.WriteLine(SearchText.Of(result, facts.MetaSteps, figures));
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{SearchText.Count(result.Records.Count - 1, "meta-step", "meta-steps")} in {result.Duration.TotalSeconds:F1} s."));
    }

    private static void Row(Table table, string name, Estimate before, Estimate after, bool hasRatio = true) => table.AddRow(
        name, before.ToString(), after.ToString(), hasRatio ? Ratio(before.Mean, after.Mean) : "");

    private static void Percent(Table table, string name, double before, double after) => table.AddRow(
        name, before.ToString("P2", CultureInfo.InvariantCulture), after.ToString("P2", CultureInfo.InvariantCulture),
        Ratio(before, after));

    // Nothing where there is none: no error before leaves nothing to compare with.
    private static string Ratio(double before, double after) =>
        double.IsFinite(after / before) ? (after / before).ToString("F3", CultureInfo.InvariantCulture) : "";
}
