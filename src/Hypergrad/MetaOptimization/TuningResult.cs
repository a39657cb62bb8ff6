using Hypergrad.Hypergradients;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.MetaOptimization;

/// <summary>What a tuning led to.</summary>
/// <param name="Start">
/// The run as it was before: as stated, or, where that diverges, as the search for a start found it.
/// </param>
/// <param name="Learned">The run with the learned hyperparameters.</param>
/// <param name="Records">
/// Every meta-step, and last the hyperparameters that the last update led to: updates + 1 records, all of trainings in the method's own
/// arithmetic.
/// </param>
/// <param name="FirstTrainingLosses">The training loss at every step of <paramref name="Start"/>, [steps].</param>
/// <param name="LastTrainingLosses">The training loss at every step with the learned hyperparameters, [steps].</param>
public sealed record TuningResult(
    TrainingRun Start, TrainingRun Learned, IReadOnlyList<MetaStepRecord> Records, double[] FirstTrainingLosses,
    double[] LastTrainingLosses)
{
    /// <summary>The weights that the learned hyperparameters train to, of each replica; [replicas][weights].</summary>
    public required IReadOnlyList<double[]> LearnedWeights { get; init; }

    /// <summary>What the bits depend on beside the settings; more than one where the tuning went on with other bits.</summary>
    public IReadOnlyList<ComputedWith> ComputedWith { get; init; } = [];

    /// <summary>How the start was found; null where it was the run as stated.</summary>
    public StartSearchResult? StartSearch { get; init; }

    /// <summary>How the run as stated is, where a search found a better start; null where the meta-steps start from it.</summary>
    public MetaStepRecord? Stated { get; init; }

    /// <summary>How long all meta-steps took, in whichever process each was made.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(Records.Sum(record => record.Seconds));

    /// <summary>How it was before: before the search for a start, and the first update.</summary>
    public MetaStepRecord Before => Stated ?? Records[0];

    /// <summary>How it is with the learned hyperparameters: the lowest validation loss of all.</summary>
    public MetaStepRecord After =>
        Records.Where(record => double.IsFinite(record.Validation.Mean)).MinBy(record => record.Validation.Mean) ?? Records[^1];

    /// <summary>What the reversals of all meta-steps compared; empty where nothing was reversed.</summary>
    public IEnumerable<ReversalReport> Reversals => Records.Select(record => record.Reversal).OfType<ReversalReport>();

    /// <summary>How far the adjoint grew at the best hyperparameters whose hypergradient was taken.</summary>
    public AdjointGrowth? AdjointGrowth => Records.Where(record => record.AdjointGrowth is not null)
        .MinBy(record => record.Validation.Mean)?.AdjointGrowth;

    /// <summary>In one line: how far the validation loss went down, and in how many meta-steps.</summary>
    public override string ToString() =>
        $"validation loss {Before.Validation} → {After.Validation} in {Records.Count - 1} meta-steps, {Duration.TotalSeconds:F1} s";

    /// <summary>How it was at the end, with the hyperparameters tried last.</summary>
    public MetaStepRecord Last => Records[^1];

    /// <summary>
    /// The meta-step at which the test loss was lowest when it has since risen by more than 1 % while the validation loss fell: from there
    /// on the hyperparameters overfit the validation set. Null when they do not, or without a test set.
    /// </summary>
    public int? OverfittingSince
    {
        get
        {
            if (Last.Test is not { } last || !double.IsFinite(last.Mean))
                return null;
            var best = Records.Where(record => double.IsFinite(record.Test!.Value.Mean)).MinBy(record => record.Test!.Value.Mean)!;
            bool testRose = last.Mean > 1.01 * best.Test!.Value.Mean;
            return testRose && Last.Validation.Mean < best.Validation.Mean ? best.MetaStep : null;
        }
    }
}
