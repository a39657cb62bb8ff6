using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs;

namespace Hypergrad.Models;

/// <summary>
/// The training and validation parts as one training set, once the hyperparameters are chosen and nothing needs to be kept aside to choose
/// them by. The training examples come first, so that what was learned for them still is theirs.
/// </summary>
public static class AllData
{
    /// <summary>Joins the parts.</summary>
    /// <param name="parts">The parts; the test part is left out.</param>
    public static Dataset Join(DataSplit parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.Train.With(
            Join(parts.Train.Inputs, parts.Validation.Inputs), Join(parts.Train.Targets, parts.Validation.Targets));
    }

    /// <summary>The hyperparameters for the joined set: what belongs to all training examples belongs to the first ones now.</summary>
    /// <param name="hyperparameters">Those learned with the training part.</param>
    /// <param name="trainingExamples">How many examples it has.</param>
    public static HyperparameterSet Extend(HyperparameterSet hyperparameters, int trainingExamples)
    {
        ArgumentNullException.ThrowIfNull(hyperparameters);
        int[] first = [.. Enumerable.Range(0, trainingExamples)];
        return hyperparameters with
        {
            TrainingInputs = Keep(hyperparameters.TrainingInputs, () => TrainingInputs.Of(first)),
            Targets = Keep(hyperparameters.Targets, () => SoftTargets.Of(first)),
            ExampleWeights = Keep(hyperparameters.ExampleWeights, () => ExampleWeights.Of(first)),
        };
    }

    private static T? Keep<T>(T? hyperparameter, Func<T> ofFirst) where T : ExampleHyperparameter =>
        hyperparameter is { Examples: null } all
            ? (T)(ofFirst() with { IsTuned = all.IsTuned, Initial = all.Initial, Values = all.Values, Transform = all.Transform })
            : hyperparameter;

    private static Table Join(Table first, Table second) => first.IsDouble || second.IsDouble
        ? new([.. first.ToArray(), .. second.ToArray()], first.Columns)
        : new([.. (float[])first.Values, .. (float[])second.Values], first.Columns);
}
