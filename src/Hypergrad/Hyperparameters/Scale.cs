using Hypergrad.Data;
using Hypergrad.Networks;

namespace Hypergrad.Hyperparameters;

/// <summary>
/// The scale of the initial weights: w₀ = scale ∘ z with z standard normal, or scale ∘ z/√fan-in, the fan-in of a matrix being its rows and
/// that of a bias its matrix's. The scales and shifts of normalisations stand apart: they start at 1 and 0.
/// </summary>
public sealed record Scale : Hyperparameter
{
    private Scale(Sharing sharing, double initial)
    {
        if (sharing is Sharing.Unit or Sharing.Input or Sharing.Weight)
            throw new ConfigurationException($"An initial scale cannot be shared by {sharing}; choose All, Layer or Tensor.");
        Sharing = sharing;
        Initial = initial;
    }

    /// <summary>Which weights share a scale: All, Layer or Tensor.</summary>
    public Sharing Sharing { get; }

    /// <summary>A scale for each group of weights.</summary>
    /// <param name="sharing">All, Layer or Tensor.</param>
    /// <param name="initial">The scale at the start.</param>
    /// <exception cref="ConfigurationException">A sharing that an initial scale cannot have.</exception>
    public static Scale Per(Sharing sharing, double initial) => new(sharing, initial);

    /// <summary>A scale for each group of weights, relative to 1/√fan-in.</summary>
    /// <inheritdoc cref="Per"/>
    public static Scale PerFanIn(Sharing sharing, double initial) => new(sharing, initial) { IsRelativeToFanIn = true };

    /// <summary>Whether it multiplies z/√fan-in instead of z.</summary>
    public bool IsRelativeToFanIn { get; private init; }

    /// <summary>What multiplies a tensor's scale: 1, or 1/√fan-in; 0 for what is held, and for normalisations' scales and shifts.</summary>
    internal double FactorOf(ParameterTensor tensor, Network network) => tensor.Role switch
    {
        ParameterRole.Scale or ParameterRole.Shift or ParameterRole.Held => 0,
        ParameterRole.Embedding => 1,
        _ => IsRelativeToFanIn ? 1 / Math.Sqrt(network.Tensors[tensor.Leader].Rows) : 1,
    };

    /// <summary>The same scales, not to be tuned.</summary>
    public new Scale Fixed() => this with { IsTuned = false };

    internal override int CountFor(Network network, Dataset training) => new WeightGrouping(network, Sharing).Count;

    /// <inheritdoc/>
    public override string NameOf(int index, Network network) => new WeightGrouping(network, Sharing).NameOf(index);

    internal override void PullBack(ReadOnlySpan<double> raw, PullBackContext context, Span<double> gradient)
    {
        var grouping = new WeightGrouping(context.Network, Sharing);
        gradient.Clear();
        Span<double> noise = stackalloc double[512];
        for (int t = 0; t < context.Network.Tensors.Count; t++)
        {
            var tensor = context.Network.Tensors[t];
            ref double sum = ref gradient[grouping.Pattern(t).First];
            double factor = FactorOf(tensor, context.Network);
            if (factor == 0)
                continue;
            for (int start = tensor.Offset; start < tensor.Offset + tensor.Count; start += noise.Length)
            {
                var chunk = noise[..Math.Min(noise.Length, tensor.Offset + tensor.Count - start)];
                InitialNoise.Fill(context.Seed, context.Replica, start, chunk);
                for (int i = 0; i < chunk.Length; i++)
                    sum += factor * raw[start + i] * chunk[i];
            }
        }
    }
}
