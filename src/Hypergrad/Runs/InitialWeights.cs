using Hypergrad.Hyperparameters;
using Hypergrad.Networks;

namespace Hypergrad.Runs;

/// <summary>Where the weights of a run start. They are made on demand, so that a run holds no copy of them.</summary>
public abstract class InitialWeights
{
    private protected InitialWeights() { }

    /// <summary>How many weights were given, or null where they are made for any network.</summary>
    internal virtual int? Count => null;

    /// <summary>Fills a span with w₀ of the weights from <paramref name="start"/> on.</summary>
    /// <param name="replica">Which of the runs trained side by side.</param>
    /// <param name="start">The first weight.</param>
    /// <param name="destination">How many weights are wanted.</param>
    public abstract void Fill(int replica, int start, Span<double> destination);

    /// <summary>The weights given, the same for every replica.</summary>
    /// <param name="weights">[weights], taken over.</param>
    /// <exception cref="ConfigurationException">A weight that is not finite.</exception>
    public static InitialWeights Explicit(double[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        for (int i = 0; i < weights.Length; i++)
            if (!double.IsFinite(weights[i]))
                throw new ConfigurationException($"The initial weight {i} is {weights[i]}; it must be finite.");
        return new ExplicitWeights(weights);
    }

    /// <summary>
    /// Scaled standard normal numbers, other ones for every seed and replica; 1 and 0 for the scales and shifts of normalisations.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="scale">What multiplies the numbers.</param>
    /// <param name="seed">Of the numbers.</param>
    /// <param name="held">The weights that training leaves alone; null leaves them at 0.</param>
    public static InitialWeights Normal(Network network, Scale scale, ulong seed, HeldWeights? held = null) =>
        new NormalWeights(network, scale, seed, held);

    private sealed class ExplicitWeights(double[] weights) : InitialWeights
    {
        internal override int? Count => weights.Length;

        public override void Fill(int replica, int start, Span<double> destination) =>
            weights.AsSpan(start, destination.Length).CopyTo(destination);
    }

    private sealed class NormalWeights(Network network, Scale scale, ulong seed, HeldWeights? held) : InitialWeights
    {
        private readonly WeightGrouping grouping = new(network, scale.Sharing);

        public override void Fill(int replica, int start, Span<double> destination)
        {
            InitialNoise.Fill(seed, replica, start, destination);
            for (int t = 0; t < network.Tensors.Count; t++)
            {
                var tensor = network.Tensors[t];
                double factor = scale.Values is null ? scale.Initial : scale.Values[grouping.Pattern(t).First];
                factor *= scale.FactorOf(tensor, network);
                double centre = tensor.Role == ParameterRole.Scale ? 1 : 0;
                int from = Math.Max(tensor.Offset, start), to = Math.Min(tensor.Offset + tensor.Count, start + destination.Length);
                for (int i = from; i < to; i++)
                    destination[i - start] = centre + factor * destination[i - start];
            }
            held?.CopyTo(network, start, destination);
        }
    }
}
