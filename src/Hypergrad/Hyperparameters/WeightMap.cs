using Hypergrad.Networks;

namespace Hypergrad.Hyperparameters;

/// <summary>
/// A differentiable map from a few values to one number for every weight of a network: to penalties (<see cref="Penalty.By"/>) or to the
/// weights that training leaves alone (<see cref="HeldWeights.By"/>). A map of one's own is a class of this kind.
/// </summary>
public abstract class WeightMap
{
    /// <summary>Makes a map for a network.</summary>
    /// <param name="network">The network whose weights it makes numbers for.</param>
    protected WeightMap(Network network) => Network = network ?? throw new ArgumentNullException(nameof(network));

    /// <summary>The network whose weights it makes numbers for.</summary>
    public Network Network { get; }

    /// <summary>How many values it takes.</summary>
    public int Count => Start.Length;

    /// <summary>The values that tuning starts from.</summary>
    public abstract double[] Start { get; }

    /// <summary>From coordinates, in which tuning moves freely, to values.</summary>
    public virtual Transform Transform => Transform.Identity;

    /// <summary>What a person calls one of the values: "cut-off of layer 2".</summary>
    public abstract string NameOf(int index);

    /// <summary>Makes the numbers.</summary>
    /// <param name="values">[<see cref="Count"/>].</param>
    /// <param name="weights">[weights], all 0 at first; those that the map has nothing to do with stay so.</param>
    public abstract void Apply(ReadOnlySpan<double> values, Span<double> weights);

    /// <summary>Turns a gradient with respect to the numbers into one with respect to the values.</summary>
    /// <param name="values">[<see cref="Count"/>].</param>
    /// <param name="raw">The gradient with respect to every weight's number, [weights].</param>
    /// <param name="gradient">[<see cref="Count"/>], overwritten.</param>
    public abstract void PullBack(ReadOnlySpan<double> values, ReadOnlySpan<double> raw, Span<double> gradient);

    /// <summary>The numbers for a network, which must be the map's.</summary>
    internal double[] Made(double[] values, Network network)
    {
        if (!Network.HasLayersOf(network))
            throw new ConfigurationException(
                $"The map {GetType().Name} is of the network {Network} and the run trains {network}; make it for that one.");
        var weights = new double[network.ParameterCount];
        Apply(values, weights);
        return weights;
    }
}
