using System.Globalization;
using Hypergrad.MetaOptimization;

namespace Hypergrad.Cli.Output;

/// <summary>Says which meta-step the learned hyperparameters are of, and how the search for them went.</summary>
internal static class SearchText
{
    public static string Of(TuningResult result, TaskFigures figures)
    {
        int worse = result.Records.Count(record => record.Outcome == MetaStepOutcome.TakenBack);
        int diverged = result.Records.Count(record => record.Outcome == MetaStepOutcome.Diverged);
        string text = string.Create(CultureInfo.InvariantCulture,
            $"Learned are the hyperparameters of meta-step {result.After.MetaStep}, those of the lowest validation loss; ");
        text += double.IsFinite(result.Last.Validation.Mean)
            ? $"the last ones have {figures.LossOf(result.Last.Validation)}."
            : "training with the last ones diverged.";
        if (worse + diverged > 0)
            text += string.Create(CultureInfo.InvariantCulture,
                $" {worse + diverged} steps were taken back and shortened: {worse} made the validation loss worse, {diverged} diverged.");
        return text;
    }
}
