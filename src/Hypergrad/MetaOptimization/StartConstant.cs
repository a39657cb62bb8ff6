using Hypergrad.Hyperparameters;

namespace Hypergrad.MetaOptimization;

/// <summary>A tuned hyperparameter as one constant: all its values are moved together, by the same difference in coordinates.</summary>
/// <param name="Quantity">What it is.</param>
/// <param name="First">The place of its first coordinate.</param>
/// <param name="Count">How many coordinates it has.</param>
/// <param name="Reach">How far a search moves it either way, in coordinates.</param>
public sealed record StartConstant(Quantity Quantity, int First, int Count, double Reach)
{
    /// <summary>Those of a set that can be moved together: of the optimizer and the weights, not of single examples.</summary>
    /// <param name="tuned">The tuned hyperparameters, in the order of their coordinates.</param>
    public static IReadOnlyList<StartConstant> Of(IEnumerable<TunedHyperparameter> tuned)
    {
        ArgumentNullException.ThrowIfNull(tuned);
        var constants = new List<StartConstant>();
        int first = 0;
        foreach (var hyperparameter in tuned)
        {
            if (!hyperparameter.Quantity.IsOfData)
                constants.Add(new(hyperparameter.Quantity, first, hyperparameter.Count, ReachOf(hyperparameter.Quantity)));
            first += hyperparameter.Count;
        }
        return constants;
    }

    // Factors of about 20 and 4 for learning rates and scales, which stop training when they are far off, and of 50 for what is usually
    // known less well; logits of 0.5 ± 2.5 are 0.08 and 0.92.
    private static double ReachOf(Quantity quantity) =>
        quantity == Quantity.LearningRate ? 3
        : quantity == Quantity.InitialWeights ? 1.4
        : quantity.Transform == Transform.Logit ? 2.5
        : 4;
}
