using System.Globalization;
using System.Text.Json;
using Hypergrad.Cli.Baselines;
using Hypergrad.Cli.Reporting;
using Hypergrad.Files;
using Hypergrad.Hypergradients;
using Hypergrad.MetaOptimization;
using Spectre.Console;

namespace Hypergrad.Cli.Output;

/// <summary>Runs a baseline at the cost of the tuning, and shows what it led to: on the screen, in result.json and in the report.</summary>
internal sealed class BaselineDisplay(RandomSearch search, TaskFigures figures)
{
    /// <summary>Makes as many trials as the tuning cost trainings, from where an earlier process left off.</summary>
    /// <param name="console">Where it is shown how far it is.</param>
    /// <param name="result">What the tuning led to.</param>
    /// <param name="method">How its hypergradients were computed.</param>
    /// <param name="folder">Where trials are kept; null for nowhere.</param>
    /// <param name="cancellation">Checked between steps.</param>
    public BaselineResult Run(
        IAnsiConsole console, TuningResult result, HypergradientMethod method, OutputFolder? folder, CancellationToken cancellation)
    {
        int budget = TrainingCost.OfTuning(result, method);
        var trials = BaselineState.Load(folder);
        console.WriteLine($"Baseline: random search over constants of {string.Join(", ", search.Names)}, {budget} trainings"
            + (trials.Count > 0 ? $", {Math.Min(trials.Count, budget)} of them done before." : "."));
        while (trials.Count < budget)
        {
            trials.Add(search.Try(trials.Count, cancellation));
            BaselineState.Save(folder, trials);
        }
        return new(search.Names, trials[..budget], TrainingCost.Explain(method, result.Start.Steps));
    }

    /// <summary>Shows the best of it beside what was tuned.</summary>
    public void Print(IAnsiConsole console, TuningResult result, BaselineResult baseline)
    {
        if (baseline.Best is not { } best)
        {
            console.WriteLine($"Random search: all {baseline.Trials.Count} trainings diverged.");
            return;
        }
        var table = new Table().Title($"Equal cost: {baseline.Trials.Count} trainings").AddColumns("", "random search", "tuned");
        foreach (int column in new[] { 1, 2 })
            table.Columns[column].RightAligned();
        foreach (var (name, isRate, random, tuned) in Rows(best, result.After))
            table.AddRow(name, isRate ? Percent(random) : random.ToString(), isRate ? Percent(tuned) : tuned.ToString());
        console.Write(table);
        console.WriteLine($"The best of random search: {ConstantsText(baseline, best)}"
            + (baseline.Diverged > 0 ? $"; {baseline.Diverged} trainings diverged." : "."));
        console.WriteLine(baseline.HowCounted);
    }

    /// <summary>What the report says of it.</summary>
    public BaselineComparison ToReport(TuningResult result, BaselineResult baseline, HypergradientMethod method)
    {
        var best = baseline.Best;
        double cost = TrainingCost.OfHypergradient(method, result.Start.Steps);
        return new("random search", baseline.Trials.Count, baseline.HowCounted)
        {
            Best = best is null ? null : ConstantsText(baseline, best),
            Diverged = baseline.Diverged,
            Figures = best is null ? [] : [.. Rows(best, result.After).Select(row => new HeadlineFigure(
                row.Name, row.IsRate ? "%" : figures.LossUnit, Measure(row.Random, row.IsRate), Measure(row.Tuned, row.IsRate)))],
            Curve = BestSoFar(baseline.Trials.Select(trial => ((double)trial.Number + 1, figures.LossOf(trial.ValidationLoss)))),
            TuningCurve = BestSoFar(result.Records.Select((record, i) =>
                (i * cost + 1, figures.LossOf(record.Validation.Mean)))),
        };
    }

    /// <summary>Writes it as a field of a result.</summary>
    public void Write(Utf8JsonWriter json, BaselineResult baseline)
    {
        json.WriteStartObject("baseline");
        json.WriteString("method", "random search");
        json.WriteNumber("trainings", baseline.Trials.Count);
        json.WriteNumber("diverged", baseline.Diverged);
        json.WriteString("howCounted", baseline.HowCounted);
        if (baseline.Best is { } best)
        {
            json.WriteStartObject("best");
            json.WriteNumber("trial", best.Number);
            json.WriteStartObject("constants");
            for (int i = 0; i < baseline.Names.Count; i++)
                json.WriteNumber(baseline.Names[i], best.Constants[i]);
            json.WriteEndObject();
            WriteNumber(json, "validationLoss", figures.LossOf(best.ValidationLoss));
            WriteNumber(json, "validationErrorRate", best.ValidationErrorRate);
            WriteNumber(json, "testLoss", figures.LossOf(best.TestLoss));
            WriteNumber(json, "testErrorRate", best.TestErrorRate);
            json.WriteEndObject();
        }
        json.WriteStartArray("validationLosses");
        foreach (var trial in baseline.Trials)
        {
            if (double.IsFinite(trial.ValidationLoss))
                json.WriteNumberValue(figures.LossOf(trial.ValidationLoss));
            else
                json.WriteNullValue();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private IEnumerable<(string Name, bool IsRate, Estimate Random, Estimate Tuned)> Rows(BaselineTrial best, MetaStepRecord after)
    {
        yield return ("validation loss", false, figures.LossOf(new Estimate(best.ValidationLoss, best.ValidationStandardError)),
            figures.LossOf(after.Validation));
        if (after.Test is { } test && double.IsFinite(best.TestLoss))
            yield return ("test loss", false, figures.LossOf(new Estimate(best.TestLoss, best.TestStandardError)), figures.LossOf(test));
        if (double.IsFinite(best.ValidationErrorRate) && double.IsFinite(after.ValidationErrorRate))
            yield return ("validation error", true, Rate(best.ValidationErrorRate), Rate(after.ValidationErrorRate));
        if (double.IsFinite(best.TestErrorRate) && after.TestErrorRate is { } rate && double.IsFinite(rate))
            yield return ("test error", true, Rate(best.TestErrorRate), Rate(rate));
    }

    private static Estimate Rate(double rate) => new(rate, double.NaN);

    private static string ConstantsText(BaselineResult baseline, BaselineTrial best) => best.Number == 0 ? "the start itself"
        : string.Join(", ", baseline.Names.Zip(best.Constants, (name, constant) =>
            string.Create(CultureInfo.InvariantCulture, $"{name} {constant:G4}")));

    private static string Percent(Estimate rate) => rate.Mean.ToString("P2", CultureInfo.InvariantCulture);

    private static Measurement Measure(Estimate estimate, bool isRate) => isRate ? new(100 * estimate.Mean)
        : new(estimate.Mean, double.IsNaN(estimate.StandardError) ? null : estimate.StandardError);

    // The lowest loss after so many trainings.
    private static CurvePoint[] BestSoFar(IEnumerable<(double Trainings, double Loss)> losses)
    {
        double best = double.PositiveInfinity;
        var points = new List<CurvePoint>();
        foreach (var (trainings, loss) in losses)
        {
            if (loss < best)
                best = loss;
            if (double.IsFinite(best))
                points.Add(new(trainings, best));
        }
        return [.. points];
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
    }
}
