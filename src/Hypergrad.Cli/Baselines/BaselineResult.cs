namespace Hypergrad.Cli.Baselines;

/// <summary>What a baseline led to at the cost of the tuning.</summary>
/// <param name="Names">The hyperparameters that were searched.</param>
/// <param name="Trials">Every training, in order.</param>
/// <param name="HowCounted">How the cost of the tuning was counted, in words.</param>
internal sealed record BaselineResult(IReadOnlyList<string> Names, IReadOnlyList<BaselineTrial> Trials, string HowCounted)
{
    /// <summary>That of the lowest validation loss; null where all diverged.</summary>
    public BaselineTrial? Best => Trials.Where(trial => double.IsFinite(trial.ValidationLoss)).MinBy(trial => trial.ValidationLoss);

    /// <summary>How many diverged.</summary>
    public int Diverged => Trials.Count(trial => !double.IsFinite(trial.ValidationLoss));
}
