using Hypergrad.Data;
using Hypergrad.Networks;

namespace Hypergrad.Hyperparameters;

/// <summary>The inputs of chosen training examples, learned: training images that train best.</summary>
public sealed record TrainingInputs : ExampleHyperparameter
{
    private TrainingInputs(IReadOnlyList<int>? examples) : base(examples) { }

    /// <summary>Learns the inputs of the examples named, starting from what they are.</summary>
    /// <param name="examples">Numbers in the training set.</param>
    /// <exception cref="ConfigurationException">No example, or one named twice.</exception>
    public static TrainingInputs Of(IReadOnlyList<int> examples) => new(Chosen(examples));

    /// <summary>Learns the inputs of all training examples.</summary>
    public static TrainingInputs All() => new(examples: null);

    /// <summary>The same inputs, not to be tuned.</summary>
    public new TrainingInputs Fixed() => this with { IsTuned = false };

    internal override int WidthOf(Dataset training) => training.InputSize;

    internal override double[] StartFor(Network network, Dataset training) => RowsOf(training.Inputs, ChosenFrom(training));
}
