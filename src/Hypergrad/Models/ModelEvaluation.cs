namespace Hypergrad.Models;

/// <summary>How well a model does on some examples.</summary>
public sealed record ModelEvaluation
{
    /// <summary>How many examples.</summary>
    public required int Count { get; init; }

    /// <summary>
    /// The mean loss: −log p of the right class, in nats, under softmax cross-entropy; else ½‖f − y‖², in squared units of the targets.
    /// </summary>
    public required double Loss { get; init; }

    /// <summary>The classes; null for a regression.</summary>
    public ConfusionMatrix? Classes { get; init; }

    /// <summary>The fraction of predictions that name the right class; null for a regression.</summary>
    public double? Accuracy => Classes?.Accuracy;

    /// <summary>The root of the mean squared error of each target, in its units; null for classes.</summary>
    public IReadOnlyList<double>? Rmse { get; init; }

    /// <summary>
    /// R² = 1 − Σ‖f − y‖² / Σ‖y − ȳ‖², of several targets together, each over its deviation in training; NaN where the targets are
    /// constant; null for classes.
    /// </summary>
    public double? RSquared { get; init; }
}
