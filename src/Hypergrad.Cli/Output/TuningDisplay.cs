using System.Globalization;
using Hypergrad.MetaOptimization;
using Spectre.Console;

namespace Hypergrad.Cli.Output;

/// <summary>Live progress: a bar with the time left where a person looks, a line per meta-step elsewhere.</summary>
internal sealed class TuningDisplay(IAnsiConsole console, TaskFigures figures) : IProgress<TuningProgress>
{
    private readonly IAnsiConsole screen = Terminal.Live(console);

    private ProgressTask? bar;

    /// <summary>Runs a tuning and shows how it goes.</summary>
    public TuningResult Watch(Tuning tuning, int metaSteps, int done)
    {
        if (!screen.Profile.Capabilities.Interactive)
            return tuning.Run();
        return screen.Progress().AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn())
            .Start(context =>
            {
                bar = context.AddTask("first hypergradient", maxValue: Math.Max(metaSteps, done));
                bar.Value = done;
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
        bar.Description = text;
        bar.Value = record.MetaStep + 1;
    }
}
