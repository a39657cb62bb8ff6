using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting;

/// <summary>Finds out whether the hyperparameters overfit the validation set that guided them.</summary>
internal static class OverfittingNote
{
    /// <summary>
    /// A warning when the test loss has risen since its lowest point while the validation loss went on falling; otherwise null.
    /// </summary>
    /// <param name="points">The meta-learning curve in order of meta-steps.</param>
    /// <param name="tolerance">How far the test loss may rise, relative to its lowest value, before it counts.</param>
    public static ReportNote? Find(IReadOnlyList<MetaLearningPoint> points, double tolerance = 0.01)
    {
        var judged = points.Where(p => p.TestLoss is { } test && double.IsFinite(test) && double.IsFinite(p.ValidationLoss.Value)).ToList();
        if (judged.Count < 2) return null;
        var best = judged.MinBy(p => p.TestLoss!.Value)!;
        var last = judged[^1];
        double rise = last.TestLoss!.Value - best.TestLoss!.Value;
        bool guided = last.ValidationLoss.Value < best.ValidationLoss.Value;
        if (!guided || rise <= tolerance * Math.Abs(best.TestLoss.Value)) return null;
        return new(NoteKind.Warning,
            $"After meta-step {best.MetaStep} the validation loss went on falling, " +
            $"{FromTo(best.ValidationLoss.Value, last.ValidationLoss.Value)}, but the test loss rose, " +
            $"{FromTo(best.TestLoss.Value, last.TestLoss.Value)}: the hyperparameters overfit the validation set. " +
            "A larger validation set, fewer meta-steps or more sharing between hyperparameters helps.");
    }

    private static string FromTo(double from, double to) => $"from {Numbers.Significant(from)} to {Numbers.Significant(to)}";
}
