using Hypergrad.Data;
using Hypergrad.Networks;

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

    /// <summary>In which range they are tuned; <see cref="ExampleWeightForm.Positive"/> unless told otherwise.</summary>
    public ExampleWeightForm Form { get; private init; }

    /// <summary>The same weights, kept between 0 and 1; they start between them.</summary>
    /// <example><c>ExampleWeights.All(0.5).Bounded()</c></example>
    public ExampleWeights Bounded() => this with { Form = ExampleWeightForm.Bounded };

    /// <summary>The same weights, kept at a mean of 1, from which all of them start.</summary>
    /// <exception cref="ConfigurationException">They start from another weight.</exception>
    public ExampleWeights MeanOne() => Initial == 1
        ? this with { Form = ExampleWeightForm.MeanOne }
        : throw new ConfigurationException($"Example weights of mean 1 start from 1, not from {Initial}; leave the initial weight out.");

    /// <summary>The same weights, not to be tuned.</summary>
    public new ExampleWeights Fixed() => this with { IsTuned = false };

    internal override int WidthOf(Dataset training) => 1;

    internal override Transform? OwnTransform(Network network, int count) => Form switch
    {
        ExampleWeightForm.Bounded => Transform.Logit,
        ExampleWeightForm.MeanOne => Transform.Softmax(count, count),
        _ => null,
    };
}
