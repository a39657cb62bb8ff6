using Hypergrad.Data;

namespace Hypergrad.Hyperparameters;

/// <summary>ω, how much each of the chosen training examples counts; the others count 1.</summary>
public sealed record ExampleWeights : ExampleHyperparameter
{
    private ExampleWeights(IReadOnlyList<int>? examples, double initial) : base(examples) => Initial = initial;

    /// <summary>Learns the weights of the examples named.</summary>
    /// <param name="examples">Numbers in the training set.</param>
    /// <param name="initial">The weight at the start, above 0.</param>
    /// <exception cref="ConfigurationException">No example, or one named twice.</exception>
    public static ExampleWeights Of(IReadOnlyList<int> examples, double initial = 1) => new(Chosen(examples), initial);

    /// <summary>Learns the weights of all training examples.</summary>
    /// <param name="initial">The weight at the start, above 0.</param>
    public static ExampleWeights All(double initial = 1) => new(null, initial);

    /// <summary>The same weights, not to be tuned.</summary>
    public new ExampleWeights Fixed() => this with { IsTuned = false };

    internal override int WidthOf(Dataset training) => 1;
}
