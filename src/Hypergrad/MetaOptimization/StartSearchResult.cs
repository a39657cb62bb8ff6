using System.Globalization;
using Hypergrad.Hyperparameters;

namespace Hypergrad.MetaOptimization;

/// <summary>What a search for a start found.</summary>
/// <param name="Constants">What was moved.</param>
/// <param name="Trials">Every training; the first is of the run as it was stated.</param>
public sealed record StartSearchResult(IReadOnlyList<StartConstant> Constants, IReadOnlyList<StartTrial> Trials)
{
    /// <summary>The trial that the tuning started from.</summary>
    public StartTrial Best => StartSearch.Best(Trials);

    /// <summary>The validation loss of the run as it was stated; NaN where it diverged.</summary>
    public double LossBefore => Trials[0].ValidationLoss;

    /// <summary>How many trials diverged.</summary>
    public int Diverged => Trials.Count(trial => !double.IsFinite(trial.ValidationLoss));

    /// <summary>How long all trials took.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(Trials.Sum(trial => trial.Seconds));

    /// <summary>What became of each constant, in words: "learning rate × 3.2, momentum + 0.8 in logits".</summary>
    public string Changes => Trials.Count > 0 && Best.Offsets.All(offset => offset == 0)
        ? "nothing better than the run as it was stated"
        : string.Join(", ", Constants.Select((constant, i) => Change(constant.Quantity, Best.Offsets[i])));

    private static string Change(Quantity quantity, double offset) => quantity.Transform == Transform.Log
        ? string.Create(CultureInfo.InvariantCulture, $"{quantity} × {Math.Exp(offset):G3}")
        : string.Create(CultureInfo.InvariantCulture, $"{quantity} {(offset < 0 ? "−" : "+")} {Math.Abs(offset):G2} in logits");
}
