using Hypergrad.Backends;

namespace Hypergrad.Trajectories;

/// <summary>What a plain training led to.</summary>
/// <param name="Evaluations">For each dataset asked about, each replica's evaluation.</param>
/// <param name="TrainingLosses">Each replica's training loss at every step, penalties included; [replicas][steps].</param>
/// <param name="FinalWeights">Each replica's weights at the end; [replicas][weights].</param>
public sealed record TrainingOutcome(
    IReadOnlyList<Evaluation[]> Evaluations, IReadOnlyList<double[]> TrainingLosses, IReadOnlyList<double[]> FinalWeights);
