using Hypergrad.Networks;

namespace Hypergrad.Hyperparameters;

/// <summary>
/// Penalties that rise beyond a cut-off: λ = s σ((p − c)/δ) for what stands at place p, the unit k of a layer at k + ½, or the layer i of
/// those chosen at i + ½. So what lies below c is free, what lies beyond is pulled to 0, and c, a value of the map for each layer, or one
/// for all, is how many units or layers the network uses.
/// </summary>
public sealed class CutoffPenalty : WeightMap
{
    private readonly List<(ParameterTensor Tensor, int Cutoff, int? Place)> tensors = [];
    private readonly string[] names;
    private readonly double strength, softness;

    private CutoffPenalty(Network network, string[] names, double strength, double softness, double start) : base(network)
    {
        if (!(strength > 0 && double.IsFinite(strength)))
            throw new ConfigurationException($"A cut-off penalty of strength {strength}: it must be above 0 and finite.");
        if (!(softness > 0 && double.IsFinite(softness)))
            throw new ConfigurationException($"A cut-off of softness {softness}: it must be above 0 and finite, such as 1 unit.");
        if (!double.IsFinite(start))
            throw new ConfigurationException($"A cut-off at {start}: it must be finite, such as half the units.");
        (this.names, this.strength, this.softness) = (names, strength, softness);
        Start = [.. names.Select(_ => start)];
    }

    /// <inheritdoc/>
    public override double[] Start { get; }

    /// <summary>A cut-off for the units of each layer chosen: for what leads into a unit, its column of W and its bias.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layers">Layers, counted from 0 among those with weights.</param>
    /// <param name="strength">s, the L2 or L1 penalty far beyond the cut-off.</param>
    /// <param name="softness">δ, over how many units it rises.</param>
    /// <param name="start">c at first, in units.</param>
    /// <exception cref="ConfigurationException">A layer that is not there or chosen twice, or a number out of range.</exception>
    public static CutoffPenalty OfUnits(Network network, IReadOnlyList<int> layers, double strength, double softness, double start)
    {
        Require(network, layers);
        var map = new CutoffPenalty(network, [.. layers.Select(layer => $"cut-off of layer {layer + 1}")], strength, softness, start);
        foreach (var tensor in network.Tensors)
            if (layers.ToList().IndexOf(tensor.Layer) is >= 0 and var cutoff)
                map.tensors.Add((tensor, cutoff, null));
        return map;
    }

    /// <summary>One cut-off for the layers chosen, in their order: for all weights of a layer, such as a residual branch.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layers">For each place the layers that stand there, counted from 0 among those with weights.</param>
    /// <param name="strength">s, the L2 or L1 penalty far beyond the cut-off.</param>
    /// <param name="softness">δ, over how many layers it rises.</param>
    /// <param name="start">c at first, in layers.</param>
    /// <exception cref="ConfigurationException">A layer that is not there or chosen twice, or a number out of range.</exception>
    public static CutoffPenalty OfLayers(
        Network network, IReadOnlyList<IReadOnlyList<int>> layers, double strength, double softness, double start)
    {
        ArgumentNullException.ThrowIfNull(layers);
        Require(network, [.. layers.SelectMany(place => place)]);
        var map = new CutoffPenalty(network, ["cut-off of layers"], strength, softness, start);
        foreach (var tensor in network.Tensors)
            if (layers.ToList().FindIndex(standing => standing.Contains(tensor.Layer)) is >= 0 and var place)
                map.tensors.Add((tensor, 0, place));
        return map;
    }

    /// <inheritdoc/>
    public override string NameOf(int index) => names[index];

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<double> values, Span<double> weights)
    {
        foreach (var (tensor, cutoff, place) in tensors)
            for (int i = 0; i < tensor.Count; i++)
                weights[tensor.Offset + i] = strength * Rise(place ?? i % tensor.Columns, values[cutoff]);
    }

    /// <inheritdoc/>
    public override void PullBack(ReadOnlySpan<double> values, ReadOnlySpan<double> raw, Span<double> gradient)
    {
        gradient.Clear();
        foreach (var (tensor, cutoff, place) in tensors)
            for (int i = 0; i < tensor.Count; i++)
            {
                double rise = Rise(place ?? i % tensor.Columns, values[cutoff]);
                gradient[cutoff] -= raw[tensor.Offset + i] * strength * rise * (1 - rise) / softness;
            }
    }

    private double Rise(int place, double cutoff) => 1 / (1 + Math.Exp((cutoff - place - 0.5) / softness));

    private static void Require(Network network, IReadOnlyList<int> layers)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
            throw new ConfigurationException("A cut-off penalty of no layer; choose at least one.");
        foreach (int layer in layers)
            if (layer < 0 || layer >= network.Depth)
                throw new ConfigurationException(
                    $"A cut-off penalty of layer {layer}: the network {network} has layers 0 to {network.Depth - 1}.");
        if (layers.Distinct().Count() != layers.Count)
            throw new ConfigurationException($"A cut-off penalty of the layers {string.Join(", ", layers)}: choose each layer once.");
    }
}
