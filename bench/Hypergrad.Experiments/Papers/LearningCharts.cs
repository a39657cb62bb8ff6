using Hypergrad.Experiments.Pages;
using Hypergrad.MetaOptimization;

namespace Hypergrad.Experiments.Papers;

/// <summary>The two charts that every tuning has.</summary>
internal static class LearningCharts
{
    /// <summary>The losses over meta-steps.</summary>
    public static Chart Meta(TuningResult tuned) => new(
        "Meta-learning curve", "Each meta-step is a whole training. The validation loss guides; the test loss judges. Meta-steps that made "
            + "things worse are shown, and taken back.",
        new("meta-step"), new("loss after training (nats)", IsLogarithmic: true),
        [
            Curve.OverSteps("training", [.. tuned.Records.Select(record => record.TrainingLoss)]) with { Colour = 5 },
            Curve.OverSteps("test", [.. tuned.Records.Select(record => record.Test!.Value.Mean)]) with { Colour = 2 },
            Curve.OverSteps("validation", [.. tuned.Records.Select(record => record.Validation.Mean)]) with { Colour = 1 },
        ]);

    /// <summary>The training losses of single trainings, before and after.</summary>
    public static Chart Elementary(TuningResult tuned) => new(
        "Elementary learning curves", "The loss of each step's minibatch, before tuning and with what was learned.",
        new("training step"), new("training loss (nats)", IsLogarithmic: true),
        [
            Curve.OverSteps("before", tuned.FirstTrainingLosses) with { Colour = 5, IsDashed = true },
            Curve.OverSteps("after", tuned.LastTrainingLosses) with { Colour = 1 },
        ]);
}
