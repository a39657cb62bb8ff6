using Hypergrad.Data;
using Hypergrad.Networks;

namespace Hypergrad.Hyperparameters;

/// <summary>
/// The targets of chosen training examples, learned. Under cross-entropy they stay distributions (coordinates are logits) and start
/// smoothed, (1 − ε)y + ε/classes, because a one-hot target has no finite logits; under the squared loss they move freely.
/// </summary>
public sealed record SoftTargets : ExampleHyperparameter
{
    private SoftTargets(IReadOnlyList<int>? examples, double smoothing) : base(examples)
    {
        if (!(smoothing > 0 && smoothing < 1))
            throw new ConfigurationException($"A target smoothing of {smoothing}: it must lie between 0 and 1, such as 0.01.");
        Smoothing = smoothing;
    }

    /// <summary>ε, the part of a starting target that is spread evenly over the classes.</summary>
    public double Smoothing { get; }

    /// <summary>Learns the targets of the examples named.</summary>
    /// <param name="examples">Numbers in the training set.</param>
    /// <param name="smoothing">ε, between 0 and 1.</param>
    /// <exception cref="ConfigurationException">No example, one named twice, or a smoothing outside its range.</exception>
    public static SoftTargets Of(IReadOnlyList<int> examples, double smoothing = 0.01) => new(Chosen(examples), smoothing);

    /// <summary>Learns the targets of all training examples.</summary>
    /// <param name="smoothing">ε, between 0 and 1.</param>
    /// <exception cref="ConfigurationException">A smoothing outside its range.</exception>
    public static SoftTargets All(double smoothing = 0.01) => new(null, smoothing);

    /// <summary>The same targets, not to be tuned.</summary>
    public new SoftTargets Fixed() => this with { IsTuned = false };

    internal override int WidthOf(Dataset training) => training.TargetSize;

    internal override Transform? OwnTransform(Network network, int count) =>
        network.Loss == Loss.SoftmaxCrossEntropy ? Transform.Softmax(network.OutputSize) : null;

    internal override double[] StartFor(Network network, Dataset training)
    {
        var targets = RowsOf(training.Targets, ChosenFrom(training));
        if (network.Loss == Loss.SoftmaxCrossEntropy)
            for (int i = 0; i < targets.Length; i++)
                targets[i] = (1 - Smoothing) * targets[i] + Smoothing / training.TargetSize;
        return targets;
    }
}
