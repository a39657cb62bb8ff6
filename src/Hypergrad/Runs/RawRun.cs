using Hypergrad.Data;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Runs;

/// <summary>The raw quantities of an elementary training, each one given.</summary>
public sealed record RawRun
{
    /// <summary>α, [steps × groups].</summary>
    public required ScheduleTable LearningRate { get; init; }

    /// <summary>γ, [steps × groups].</summary>
    public required ScheduleTable Momentum { get; init; }

    /// <summary>w₀.</summary>
    public required InitialWeights InitialWeights { get; init; }

    /// <summary>Which examples every step sees.</summary>
    public required MinibatchPlan Minibatches { get; init; }

    /// <summary>λ, or null for none.</summary>
    public PenaltyTable? L2 { get; init; }

    /// <summary>μ, or null for none.</summary>
    public PenaltyTable? L1 { get; init; }

    /// <summary>ω, [training examples], or null when every example counts 1.</summary>
    public double[]? ExampleWeights { get; init; }
}
