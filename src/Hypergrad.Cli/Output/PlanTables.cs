using System.Globalization;
using Hypergrad.Cli.Options;
using Hypergrad.MetaOptimization;
using Hypergrad.Planning;
using Spectre.Console;

namespace Hypergrad.Cli.Output;

/// <summary>A plan for people: the methods side by side, the choice, and what the kinds of work take on this machine.</summary>
internal static class PlanTables
{
    public static void Print(IAnsiConsole console, RunPlan plan, TuningOptions? tuning)
    {
        console.Write(Methods(plan));
        foreach (var method in plan.Methods.Where(method => !method.IsPossible))
            console.WriteLine($"Not {method.Description}: {method.WhyNot}");
        if (plan.Choice is { } choice)
            console.WriteLine($"Choice: {choice.Description}, the fastest exact method within {MemorySize.Text(plan.Memory)}"
                + (tuning is null ? "." : $"; {Tuning(tuning)} take about {Time(SecondsOf(tuning, plan, choice))}."));
        console.Write(Calibration(plan));
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Calibrated in {plan.CalibrationTime.TotalSeconds:F1} s over {plan.CalibrationSteps} of {plan.Run.Steps} steps at a time, "
            + $"computed with {plan.Backend.Description}."));
    }

    /// <summary>A time for people: "12.3 ms", "4 min 5 s".</summary>
    public static string Time(double seconds) => seconds switch
    {
        double.NaN => "not measured",
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{1000 * seconds:G3} ms"),
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{seconds:G3} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 60)} min {seconds % 60:F0} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:F1} h"),
    };

    /// <summary>Seconds of a whole tuning: of its meta-steps, and of the trainings before them.</summary>
    public static double SecondsOf(TuningOptions tuning, RunPlan plan, MethodPlan choice) =>
        tuning.MetaSteps * choice.Seconds + tuning.StartTrials * plan.Run.Steps * plan.Calibrated[0].Seconds;

    private static string Tuning(TuningOptions tuning) => $"{tuning.MetaSteps} meta-steps of it"
        + (tuning.StartTrials > 0 ? $" and {tuning.StartTrials} trainings to find a start" : "");

    private static Table Methods(RunPlan plan)
    {
        var table = new Table().Title("one hypergradient").AddColumns("method", "exact", "time", "memory", "GFLOP", "GB moved");
        foreach (int column in new[] { 2, 3, 4, 5 })
            table.Columns[column].RightAligned();
        foreach (var method in plan.Methods.Where(method => double.IsFinite(method.Memory)))
            table.AddRow(
                Markup.Escape(method.Description), method.Method.IsExact ? "yes" : "no", Time(method.Seconds),
                MemorySize.Text(method.Memory), Number(method.Work.Flops / 1e9), Number(method.Work.Bytes / 1e9));
        return table;
    }

    private static Table Calibration(RunPlan plan)
    {
        var table = new Table().Title("on this machine").AddColumns("kind of work", "time", "GFLOP/s", "GB/s");
        foreach (int column in new[] { 1, 2, 3 })
            table.Columns[column].RightAligned();
        foreach (var kind in plan.Calibrated)
            table.AddRow(
                kind.Name, Time(kind.Seconds), Number(kind.Work.Flops / kind.Seconds / 1e9), Number(kind.Work.Bytes / kind.Seconds / 1e9));
        return table;
    }

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("G3", CultureInfo.InvariantCulture) : "";
}
