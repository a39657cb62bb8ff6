using Hypergrad.Data;
using Hypergrad.Networks;

namespace Hypergrad.Hyperparameters;

/// <summary>
/// The weights that a network reads and training leaves alone, the tensors of <see cref="ParameterRole.Held"/>: their hypergradient is
/// that of their initial values, and their learning rate is 0 whatever the schedule says.
/// </summary>
public sealed record HeldWeights : Hyperparameter
{
    private HeldWeights(WeightMap map) => Map = map;

    /// <summary>From the values to the held weights; what it makes for other weights is not used.</summary>
    public WeightMap Map { get; }

    /// <summary>Held weights that are a function of some values, such as a mixing across tasks (<see cref="TaskMixing"/>).</summary>
    /// <param name="map">From the values to the weights.</param>
    public static HeldWeights By(WeightMap map) => new(map ?? throw new ArgumentNullException(nameof(map)));

    /// <summary>The same weights, not to be tuned.</summary>
    public new HeldWeights Fixed() => this with { IsTuned = false };

    /// <summary>Whether a network has weights that training leaves alone.</summary>
    internal static bool AreIn(Network network) => network.Tensors.Any(IsHeld);

    /// <summary>The learning rates of a network, 0 for what is held.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rates">The learning rates as the schedule has them.</param>
    internal static ScheduleTable Hold(Network network, ScheduleTable rates)
    {
        if (!AreIn(network))
            return rates;
        var finer = new WeightGrouping(network, rates.Grouping.Sharing == Sharing.Unit ? Sharing.Unit : Sharing.Tensor);
        var values = new double[rates.Steps * finer.Count];
        foreach (var tensor in network.Tensors.Where(tensor => !IsHeld(tensor)))
            for (int step = 0; step < rates.Steps; step++)
                for (int unit = 0; unit < finer.Pattern(tensor.Index).Period; unit++)
                    values[step * finer.Count + finer.Pattern(tensor.Index).GroupOf(unit)] =
                        rates.Row(step)[rates.Grouping.Pattern(tensor.Index).GroupOf(unit)];
        return new(finer, values, Quantity.LearningRate.Name);
    }

    /// <summary>The held weights put among all initial weights.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">[weights], of which those held are overwritten.</param>
    /// <param name="start">The first weight of the span.</param>
    internal void CopyTo(Network network, int start, Span<double> weights)
    {
        double[] made = Map.Made(Values ?? Map.Start, network);
        foreach (var tensor in network.Tensors.Where(IsHeld))
            for (int i = Math.Max(tensor.Offset, start); i < Math.Min(tensor.Offset + tensor.Count, start + weights.Length); i++)
                weights[i - start] = made[i];
    }

    internal override int CountFor(Network network, Dataset training) => AreIn(network)
        ? Map.Count
        : throw new ConfigurationException(
            $"Held weights for the network {network}, which trains all of its weights; give it a layer that has some, or leave them out.");

    internal override double[] StartFor(Network network, Dataset training) => Map.Start;

    internal override Transform? OwnTransform(Network network, int count) => Map.Transform;

    /// <inheritdoc/>
    public override string NameOf(int index, Network network) => Map.NameOf(index);

    internal override void PullBack(ReadOnlySpan<double> raw, PullBackContext context, Span<double> gradient)
    {
        var held = new double[raw.Length];
        foreach (var tensor in context.Network.Tensors.Where(IsHeld))
            raw.Slice(tensor.Offset, tensor.Count).CopyTo(held.AsSpan(tensor.Offset));
        Map.PullBack(Values, held, gradient);
    }

    private static bool IsHeld(ParameterTensor tensor) => tensor.Role == ParameterRole.Held;
}
