using Hypergrad.Hyperparameters;
using Hypergrad.Networks;

namespace Hypergrad.Experiments.Papers;

/// <summary>
/// Where windows lie on a signal: unit u looks at the places u·s + k, k from 0, between two samples by the line through them. The shift s,
/// the one value of the map, need not be whole; the held tensor is what gathers the windows, [samples × units · kernel].
/// </summary>
internal sealed class ShiftedWindows : WeightMap
{
    private readonly ParameterTensor gather;
    private readonly int kernel;

    /// <param name="network">A network with a <see cref="NearConvolution"/>.</param>
    /// <param name="kernel">Samples of a window.</param>
    /// <param name="start">s at first.</param>
    public ShiftedWindows(Network network, int kernel, double start) : base(network)
    {
        gather = network.Tensors.First(tensor => tensor.Role == ParameterRole.Held && tensor.Rows > 1);
        (this.kernel, Start) = (kernel, [start]);
    }

    /// <inheritdoc/>
    public override double[] Start { get; }

    /// <inheritdoc/>
    public override string NameOf(int index) => "shift";

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<double> values, Span<double> weights)
    {
        for (int column = 0; column < gather.Columns; column++)
        {
            var (sample, fraction, _) = At(column, values[0]);
            weights[Place(sample, column)] += 1 - fraction;
            weights[Place(sample + 1, column)] += fraction;
        }
    }

    /// <inheritdoc/>
    public override void PullBack(ReadOnlySpan<double> values, ReadOnlySpan<double> raw, Span<double> gradient)
    {
        gradient[0] = 0;
        for (int column = 0; column < gather.Columns; column++)
        {
            var (sample, _, slope) = At(column, values[0]);
            gradient[0] += slope * (raw[Place(sample + 1, column)] - raw[Place(sample, column)]);
        }
    }

    // The sample before a place, how far it is to the next, and how the place moves with s; a window stays on the signal.
    private (int Sample, double Fraction, int Slope) At(int column, double shift)
    {
        int unit = column / kernel;
        double place = unit * shift + column % kernel, inside = Math.Clamp(place, 0, gather.Rows - 1);
        int sample = Math.Min((int)inside, gather.Rows - 2);
        return (sample, inside - sample, place == inside ? unit : 0);
    }

    private int Place(int sample, int column) => gather.Offset + sample * gather.Columns + column;
}
