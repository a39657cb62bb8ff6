using System.Globalization;
using Hypergrad.MetaOptimization;
using Hypergrad.Observability;
using Spectre.Console;

namespace Hypergrad.Cli.Output;

/// <summary>Live progress: a bar with the time left where a person looks, a line per meta-step elsewhere.</summary>
internal sealed class TuningDisplay(IAnsiConsole console, TaskFigures figures) : IProgress<TuningProgress>, IProgress<RunProgress>
{
    private readonly IAnsiConsole screen = Terminal.Live(console);

    private ProgressTask? bar;
    private string latest = "first hypergradient";
    private double done;

    /// <summary>Runs a tuning and shows how it goes.</summary>
    /// <param name="tuning">The tuning.</param>
    /// <param name="metaSteps">How many updates there will be.</param>
    /// <param name="before">How many of them an earlier process has made.</param>
    public TuningResult Watch(Tuning tuning, int metaSteps, int before)
    {
        done = before;
        if (!screen.Profile.Capabilities.Interactive)
            return tuning.Run();
        return screen.Progress().AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn())
            .Start(context =>
            {
                bar = context.AddTask(latest, maxValue: Math.Max(metaSteps, before));
                bar.Value = before;
                return tuning.Run();
            });
    }

    public void Report(TuningProgress value)
    {
        var record = value.Record;
        string loss = record.Outcome == MetaStepOutcome.Diverged ? "training diverged"
            : $"validation loss {figures.Text(record.Validation.Mean)}";
        string text = string.Create(CultureInfo.InvariantCulture, $"meta-step {record.MetaStep + 1}/{value.MetaSteps}  {loss}");
        if (record.Outcome != MetaStepOutcome.Kept)
            text += ", taken back";
        if (figures.ValidationRSquared(record) is { } rSquared && double.IsFinite(rSquared.Mean))
            text += string.Create(CultureInfo.InvariantCulture, $"  R² {rSquared.Mean:F3}");
        string test = record.Test is { } judged && double.IsFinite(judged.Mean) ? $"  test {figures.Text(judged.Mean)}" : "";
        string line = string.Create(CultureInfo.InvariantCulture, $"{text}{test}  {value.Remaining.TotalSeconds:F0} s left");
        if (bar is null)
        {
            console.WriteLine(line);
            return;
        }
        // Beside the bar, the log has the lines.
        (console as TeeConsole)?.Log.WriteLine(line);
        bar.Description = latest = text;
        bar.Value = done = record.MetaStep + 1;
    }

    /// <summary>Shows how far the hypergradient is that is being computed, where the bar is looked at.</summary>
    public void Report(RunProgress value)
    {
        if (bar is null || value.Phase == RunPhase.Evaluation)
            return;
        double way = (double)value.Done / value.Steps;
        // The way back takes about three times as long as the way out.
        bar.Value = done + (value.Phase == RunPhase.Reverse ? 0.25 + 0.75 * way : 0.25 * way);
        bar.Description = StepText(latest, value);
    }

    /// <summary>"meta-step 3/20  validation loss 0.4120  next: backward, 400/1000 steps".</summary>
    public static string StepText(string latest, RunProgress value) => string.Create(CultureInfo.InvariantCulture,
        $"{latest}  next: {(value.Phase == RunPhase.Reverse ? "backward" : "forward")}, {value.Done}/{value.Steps} steps");
}
