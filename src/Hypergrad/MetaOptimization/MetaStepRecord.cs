using Hypergrad.Hypergradients;
using Hypergrad.Trajectories;

namespace Hypergrad.MetaOptimization;

/// <summary>What one meta-step saw, before it moved the hyperparameters.</summary>
public sealed record MetaStepRecord
{
    /// <summary>The number of updates the hyperparameters had had, from 0.</summary>
    public required int MetaStep { get; init; }

    /// <summary>The mean training loss over the last tenth of the training steps, penalties included.</summary>
    public required double TrainingLoss { get; init; }

    /// <summary>The validation loss that guides.</summary>
    public required Estimate Validation { get; init; }

    /// <summary>The fraction of validation examples classified wrongly; NaN for the squared loss.</summary>
    public required double ValidationErrorRate { get; init; }

    /// <summary>The test loss that judges; null without a test set.</summary>
    public Estimate? Test { get; init; }

    /// <summary>The fraction of test examples classified wrongly; null without a test set.</summary>
    public double? TestErrorRate { get; init; }

    /// <summary>The Euclidean norm of the hypergradient in coordinates; NaN after the last update, where none is computed.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>How far the adjoint grew on its way back; null after the last update, and where training diverged.</summary>
    public AdjointGrowth? AdjointGrowth { get; init; }

    /// <summary>What the reversal compared and stored; null where nothing was reversed.</summary>
    public ReversalReport? Reversal { get; init; }

    /// <summary>Bits spilled per weight and step; NaN where nothing was reversed.</summary>
    public double BitsPerWeightStep => Reversal?.BitsPerWeightStep ?? double.NaN;

    /// <summary>The entropy that the bits are to be compared with; NaN where nothing was reversed.</summary>
    public double EntropyBitsPerWeightStep => Reversal?.EntropyBitsPerWeightStep ?? double.NaN;

    /// <summary>
    /// By how much the step to these hyperparameters was predicted to lower the validation loss of those it was made from; NaN for the
    /// first ones.
    /// </summary>
    public double PredictedDecrease { get; init; } = double.NaN;

    /// <summary>What became of the hyperparameters that it tried.</summary>
    public MetaStepOutcome Outcome { get; init; }

    /// <summary>
    /// How far the step to them was allowed to go, as a fraction of the meta-optimizer's own: 1, or less where predictions did not come
    /// true.
    /// </summary>
    public double StepFactor { get; init; } = 1;

    /// <summary>Seconds that the meta-step took.</summary>
    public double Seconds { get; init; }
}
