using System.Globalization;
using Hypergrad.MetaOptimization;

namespace Hypergrad.Cli.Output;

/// <summary>Says which meta-step the learned hyperparameters are of, and how the search for them went.</summary>
internal static class SearchText
{
    /// <param name="result">What the tuning led to.</param>
    /// <param name="asked">How many meta-steps were asked for.</param>
    /// <param name="figures">The losses in the units of the data.</param>
    public static string Of(TuningResult result, int asked, TaskFigures figures)
    {
        int worse = result.Records.Count(record => record.Outcome == MetaStepOutcome.TakenBack);
        int diverged = result.Records.Count(record => record.Outcome == MetaStepOutcome.Diverged);
        int done = result.Records.Count - 1;
        string text = result.After.MetaStep == 0 && done > 0
            ? "No meta-step made the validation loss lower, and what is left are the hyperparameters of the start; "
            : string.Create(CultureInfo.InvariantCulture,
                $"Learned are the hyperparameters of meta-step {result.After.MetaStep}, those of the lowest validation loss; ");
        text += double.IsFinite(result.Last.Validation.Mean)
            ? $"the last ones have {figures.LossOf(result.Last.Validation)}."
            : "training with the last ones diverged.";
        if (worse + diverged > 0)
            text += string.Create(CultureInfo.InvariantCulture, $" {Count(worse + diverged, "step was", "steps were")} taken back and "
                + $"shortened: {worse} made the validation loss worse, {diverged} diverged.");
        if (done < asked)
            text += string.Create(CultureInfo.InvariantCulture, $" The tuning ended after {done} of "
                + $"{Count(asked, "meta-step", "meta-steps")}, since none was better than the best for "
                + $"{done - result.After.MetaStep} (--patience).");
        return text;
    }

    /// <summary>A number and what it counts: "1 meta-step", "2 meta-steps".</summary>
    public static string Count(int number, string one, string several) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {(number == 1 ? one : several)}");
}
