using System.Diagnostics;
using Hypergrad.MetaOptimization;
using Hypergrad.Observability;
using Hypergrad.Tests.Guides;
using Hypergrad.Tests.MetaOptimization;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Hypergrad.Tests.Observability;

/// <summary>The example of docs/observability.md, with exporters that keep what they get.</summary>
[TestFixture, NonParallelizable]
public sealed class OpenTelemetryTests
{
    [Test]
    public void Exporters_SeeATuning()
    {
        List<Activity> activities = [];
        List<Metric> metrics = [];
        var tuning = SmallTuning.Tuning(SmallTuning.Options(metaSteps: 2));

        using (var traces = Sdk.CreateTracerProviderBuilder()
            .AddSource(HypergradTelemetry.ActivitySourceName)
            .AddInMemoryExporter(activities)
            .Build())
        using (var meters = Sdk.CreateMeterProviderBuilder()
            .AddMeter(HypergradTelemetry.MeterName)
            .AddInMemoryExporter(metrics)
            .Build())
        {
            tuning.Run();
        }

        Assert.That(activities.Select(activity => activity.DisplayName), Has.Exactly(2).EqualTo("meta-step").And.One.EqualTo("tuning"));
        Assert.That(metrics.Select(metric => metric.Name), Is.SupersetOf(new[]
        {
            "hypergrad.steps.trained", "hypergrad.steps.reversed", "hypergrad.meta_steps", "hypergrad.phase.duration",
            "hypergrad.validation.loss",
        }));
    }

    [Test]
    public async Task MetaSteps_OneAtATime_UntilGoodEnough()
    {
        var tuning = SmallTuning.Tuning(SmallTuning.Options(metaSteps: 3));
        var cancellation = CancellationToken.None;
        const double goodEnough = double.PositiveInfinity;

        await foreach (MetaStep step in tuning.RunAsync(cancellation))
            if (step.Record.Validation.Mean < goodEnough)
                break;
        TuningResult result = await tuning.CompleteAsync(cancellation);

        Assert.That((result.Records.Count, tuning.MetaStepsDone), Is.EqualTo((4, 3)));
    }

    [Test]
    public void Example_IsWhatTheDocumentPrints() => PrintedCode.AssertIsIn("docs/observability.md", "Observability");
}
