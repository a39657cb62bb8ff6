namespace Hypergrad.Experiments.Running;

/// <summary>A method beside a baseline that had as many trainings, or fewer: the lower figure wins.</summary>
/// <param name="Method">What hypergradients learned.</param>
/// <param name="Baseline">What it is compared with.</param>
/// <param name="Quantity">What is compared, and its unit: "test loss (nats)".</param>
/// <param name="Ours">The method's figure.</param>
/// <param name="Theirs">The baseline's.</param>
internal sealed record Contest(string Method, string Baseline, string Quantity, double Ours, double Theirs)
{
    private const double Margin = 0.02;

    /// <summary>Of two test losses.</summary>
    public static Contest OfTestLoss(string method, Judgement ours, string baseline, Judgement theirs) =>
        new(method, baseline, "test loss (nats)", ours.Test, theirs.Test);

    /// <summary>"wins" or "loses", or "level" where the two differ by less than 2 %. A figure that is not finite loses.</summary>
    public string Verdict => !double.IsFinite(Ours) || Ours > (1 + Margin) * Theirs ? "loses"
        : Ours < (1 - Margin) * Theirs || !double.IsFinite(Theirs) ? "wins"
        : "level";
}
