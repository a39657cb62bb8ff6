using System.Diagnostics.Metrics;

namespace Hypergrad.Observability;

/// <summary>What the library measures; nothing is recorded where nobody listens.</summary>
internal static class Instruments
{
    private static readonly Meter Meter = new(HypergradTelemetry.MeterName, LibraryVersion.Text);

    /// <summary>Steps trained, of all replicas; those that a checkpointed trajectory trains again count again.</summary>
    public static Counter<long> StepsTrained { get; } =
        Meter.CreateCounter<long>("hypergrad.steps.trained", "{step}", "Training steps made, summed over replicas.");

    /// <summary>Steps gone back over by the adjoint sweep, of all replicas.</summary>
    public static Counter<long> StepsReversed { get; } =
        Meter.CreateCounter<long>("hypergrad.steps.reversed", "{step}", "Steps that the adjoint went back over, summed over replicas.");

    /// <summary>Meta-steps made, by what became of them.</summary>
    public static Counter<long> MetaSteps { get; } =
        Meter.CreateCounter<long>("hypergrad.meta_steps", "{meta-step}", "Meta-steps made, by their outcome.");

    /// <summary>Bits of a training that its reversal needs and that were stored.</summary>
    public static Counter<long> BitsStored { get; } =
        Meter.CreateCounter<long>("hypergrad.reversal.stored", "bit", "Bits spilled by exact training, summed over replicas.");

    /// <summary>Seconds that a phase of a run took.</summary>
    public static Histogram<double> PhaseSeconds { get; } =
        Meter.CreateHistogram<double>("hypergrad.phase.duration", "s", "How long a phase of a run took: forward, evaluation or reverse.");

    /// <summary>Seconds that a meta-step took.</summary>
    public static Histogram<double> MetaStepSeconds { get; } =
        Meter.CreateHistogram<double>("hypergrad.meta_step.duration", "s", "How long a meta-step took.");

    /// <summary>The latest validation loss.</summary>
    public static Gauge<double> ValidationLoss { get; } =
        Meter.CreateGauge<double>("hypergrad.validation.loss", "1", "The mean validation loss at the end of the latest training.");
}
