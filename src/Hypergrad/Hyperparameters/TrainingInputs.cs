using Hypergrad.Data;
using Hypergrad.Models;

namespace Hypergrad.Hyperparameters;

/// <summary>The inputs of chosen training examples, learned: training images that train best.</summary>
public sealed record TrainingInputs : ExampleHyperparameter
{
    private TrainingInputs(int[]? examples) : base(examples) { }

    /// <summary>Learns the inputs of the examples named, starting from what they are.</summary>
    public static TrainingInputs Of(params IReadOnlyList<int> examples) => new([.. examples]);

    /// <summary>Learns the inputs of all training examples.</summary>
    public static TrainingInputs All() => new((int[]?)null);

    internal override int WidthOf(Dataset training) => training.InputSize;

    internal override double[] StartFor(Mlp model, Dataset training) => RowsOf(training.Inputs, ChosenFrom(training));
}
