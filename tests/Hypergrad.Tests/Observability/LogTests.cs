using System.Text.RegularExpressions;
using Hypergrad.Hypergradients;
using Hypergrad.MetaOptimization;
using Hypergrad.Observability;
using Hypergrad.Tests.MetaOptimization;
using Hypergrad.Trajectories;
using Microsoft.Extensions.Logging;

namespace Hypergrad.Tests.Observability;

[TestFixture]
public sealed class LogTests
{
    [Test]
    public void Tuning_LogsItsCourse_AtLevelInformation()
    {
        var log = new CollectingLogger(LogLevel.Information);
        var result = SmallTuning.Tuning(SmallTuning.Options(metaSteps: 2) with { Logger = log }).Run();
        Assert.That(log.Entries.Select(entry => entry.Level), Is.All.EqualTo(LogLevel.Information));
        Assert.That(log.Entries[0].Message,
            Does.Match("^Tuning [0-9]+ hyperparameters of 784-4-10 in 2 meta-steps of 5 training steps, on [a-z-]+\\.$"));
        Assert.That(log.Entries[1].Message,
            Does.Match("^Meta-step 1 of 2: validation loss [0-9.]+, hypergradient [0-9.E-]+, in [0-9.]+ s\\.$"));
        Assert.That(log.Entries[1].Values["ValidationLoss"], Is.EqualTo(result.Records[0].Validation.Mean));
        Assert.That(log.Entries[^1].Message, Does.StartWith("Tuned in 2 meta-steps: the validation loss went from "));
        Assert.That(log.Entries[^1].Values["BestLoss"], Is.EqualTo(result.After.Validation.Mean));
        Assert.That(log.Entries, Has.Length.EqualTo(4));
    }

    [Test]
    public void StepsThatAreTakenBack_SayWhy()
    {
        var log = new CollectingLogger();
        var tooFar = SmallTuning.Options(metaSteps: 6) with { MetaOptimizer = new SignDescent(10), Logger = log };
        var result = SmallTuning.Tuning(tooFar).Run();
        var diverged = log.Entries.First(entry => entry.Level == LogLevel.Warning);
        Assert.That(result.Records[1].Outcome, Is.EqualTo(MetaStepOutcome.Diverged));
        Assert.That(diverged.Message, Does.Match("^Meta-step 2 of 6 is taken back: Training diverged at step [0-9]+ in "));
        int takenBack = result.Records.SkipLast(1).Count(record => record.Outcome == MetaStepOutcome.TakenBack);
        Assert.That(log.Entries.Count(entry => entry.Message.Contains("is taken back: its validation loss", StringComparison.Ordinal)),
            Is.EqualTo(takenBack));
    }

    [Test]
    public void Cancellation_AndGoingOn_AreLogged()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        var log = new CollectingLogger(LogLevel.Information);
        var options = SmallTuning.Options(folder.Path, 3) with { Logger = log, Cancellation = cancellation.Token };
        var stopped = SmallTuning.Tuning(options with { Progress = new Callback<TuningProgress>(_ => cancellation.Cancel()) });
        Assert.That(stopped.Run, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(log.Entries[^1].Message, Is.EqualTo("Stopped by a cancellation; 1 of 3 meta-steps are done and kept."));
        _ = SmallTuning.Tuning(options with { Cancellation = default }).Run();
        Assert.That(log.Entries.Select(entry => entry.Message),
            Has.One.EqualTo("Going on with a tuning of which 1 of 3 meta-steps are done."));
    }

    [Test]
    public void Hypergradient_LogsItsPhases_AtLevelDebug()
    {
        var log = new CollectingLogger();
        var gradient = Hypergradient.Exact(SmallTuning.Run(), SmallTuning.Digits.Validation, new() { Logger = log });
        Assert.That(log.Entries.Select(entry => (entry.Level, entry.Id)),
            Is.EqualTo(new[] { (LogLevel.Debug, 1), (LogLevel.Debug, 2), (LogLevel.Debug, 3), (LogLevel.Debug, 4) }));
        Assert.That(log.Entries[1].Values["TrainingLoss"], Is.EqualTo(gradient.TrainingLosses[^1]));
        Assert.That(log.Entries[2].Values["ValidationLoss"], Is.EqualTo(gradient.ValidationLoss));
        Assert.That(log.Entries[3].Values["Exact"], Is.True);
    }

    [Test]
    public void Training_LogsToo_AndNotBelowItsLevel()
    {
        CollectingLogger all = new(), few = new(LogLevel.Information);
        _ = Training.Run(SmallTuning.Run(), [SmallTuning.Digits.Validation], new TrainingOptions { Logger = all });
        _ = Training.Run(SmallTuning.Run(), [SmallTuning.Digits.Validation], new TrainingOptions { Logger = few });
        Assert.That(all.Entries.Select(entry => entry.Id), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(few.Entries, Is.Empty);
    }

    // Every message, tag and instrument that there is, and none that is not.
    [Test]
    public void Document_ListsAllOfThem()
    {
        string page = File.ReadAllText(SourceTree.File("docs/observability.md"));
        string folder = SourceTree.File("src", "Hypergrad", "Observability");
        string[] documented = All(page, @"^\| `?([^|`]+)`? \|");
        string Source(string file) => File.ReadAllText(Path.Combine(folder, file));
        string[] events = All(Source("RunLog.cs") + Source("TuningLog.cs"), @"\[LoggerMessage\(([0-9]+),");
        string[] names = All(Source("TagNames.cs") + Source("Instruments.cs"), "\"(hypergrad\\.[a-z_.]+)\"");
        string[] activities = [.. All(Source("ActivityNames.cs"), "= \"([a-z-]+)\";"),
            .. Enum.GetNames<RunPhase>().Select(name => name.ToLowerInvariant())];
        Assert.That(events, Is.Unique.And.Length.GreaterThan(10));
        Assert.That(names, Has.Length.GreaterThan(20));
        Assert.That(documented, Is.SupersetOf(events.Concat(names).Concat(activities).Distinct()));
        Assert.That(documented.Distinct().Where(name => Regex.IsMatch(name, "^([0-9]+|hypergrad\\..*)$")),
            Is.EquivalentTo(events.Concat(names.Distinct())));

        static string[] All(string text, string pattern) =>
            [.. Regex.Matches(text, pattern, RegexOptions.Multiline).Select(match => match.Groups[1].Value.Trim())];
    }
}
