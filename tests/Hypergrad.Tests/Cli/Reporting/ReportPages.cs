using Hypergrad.Cli.Reporting;
using Hypergrad.Cli.Reporting.Comparison;

namespace Hypergrad.Tests.Cli.Reporting;

/// <summary>A page of each kind that the command writes, as files: real tunings, and samples of what seldom happens.</summary>
internal sealed class ReportPages : IDisposable
{
    public const string Tuning = "tuning", Images = "images", Compared = "compared", Sample = "sample", EightRuns = "eight runs", Unusual = "unusual",
        Diverged = "diverged";

    /// <summary>The names of all of them.</summary>
    public static readonly string[] All = [Tuning, Images, Compared, Sample, EightRuns, Unusual, Diverged];

    private static readonly string[] Tunings = [Tuning, Images, Diverged];

    private readonly TemporaryFolder folder = new();

    public ReportPages()
    {
        CommandLine.Succeed([.. CommandLine.Quick, "--baseline", "random", "--out", folder.File(Tuning)]);
        CommandLine.Succeed([.. CommandLine.Quick, "--replicas", "2", "--tune", "learning-rate:tensor", "l2:input", "inputs:0-3", "targets:0-9",
            "example-weights:all", "--out", folder.File(Images)]);
        string[] far = [.. CommandLine.Quick.Select(argument => argument == "2" ? "4" : argument), "--meta-optimizer", "sign", "--meta-step-size", "1000", "--out"];
        Assert.That(CommandLine.Succeed([.. far, folder.File(Diverged), "--patience", "1"]),
            Does.Contain("training diverged, taken back").And.Contain("ended after 2 of 4 meta-steps"));
        CommandLine.Succeed("report", folder.File(Tuning), folder.File(Images), "--out", folder.File($"{Compared}.html"));
        var sample = SampleReports.Typical() with { Baseline = Baseline() };
        Write(Sample, writer => ReportWriter.Write(writer, sample));
        Write(EightRuns, writer => ComparisonWriter.Write(writer,
            [.. Enumerable.Range(0, ComparisonWriter.MostRuns).Select(i => new ComparedRun($"results-{i}", sample))], "0.1.0", sample.Date));
        Write(Unusual, writer => ReportWriter.Write(writer, SampleReports.Unusual()));
    }

    /// <summary>The address of a page.</summary>
    public string Address(string name)
    {
        string path = Tunings.Contains(name) ? folder.File(Path.Combine(name, "report.html")) : folder.File($"{name}.html");
        Assert.That(path, Does.Exist);
        return new Uri(path).AbsoluteUri;
    }

    public void Dispose() => folder.Dispose();

    private void Write(string name, Action<TextWriter> write)
    {
        using var file = File.CreateText(folder.File($"{name}.html"));
        write(file);
    }

    private static BaselineComparison Baseline() => new("random search", 81, "A hypergradient counts as 4 trainings.")
    {
        Best = "learning rate 0.2",
        Diverged = 3,
        Figures = [new("validation loss", "nats", 0.5, 0.2)],
        Curve = [new(1, 0.7), new(80, 0.5)],
        TuningCurve = [new(1, 0.7), new(81, 0.2)],
    };
}
