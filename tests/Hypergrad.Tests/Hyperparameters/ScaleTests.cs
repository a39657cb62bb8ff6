using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Hyperparameters;

/// <summary>Initial weights from a scale, alone or relative to the fan-in, and the pull-back.</summary>
[TestFixture]
public sealed class ScaleTests
{
    private const ulong Seed = 5;

    private static readonly Network[] Networks =
    [
        Network.Mlp([4, 9, 2]),
        new([5, 4, 3], new Convolution(6, 3, 0, Activation.Relu), new GroupNorm(2), new Flatten(), new Dense(2)),
        Network.OfTokens(7, 3, new Embedding(4), new Positions(), new SelfAttention(2), new LayerNorm(), new Dense(7)),
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        from network in Networks
        from sharing in new[] { Sharing.All, Sharing.Layer, Sharing.Tensor }
        from relative in new[] { false, true }
        select new TestCaseData(network, sharing, relative).SetArgDisplayNames($"{network}", $"{sharing}", relative ? "per fan-in"
            : "plain");

    [TestCaseSource(nameof(Cases))]
    public void InitialWeights_AreTheScaleTimesNoise(Network network, Sharing sharing, bool relative)
    {
        var scale = Make(network, sharing, relative);
        var grouping = new WeightGrouping(network, sharing);
        double[] noise = new double[network.ParameterCount], weights = Weights(network, scale);
        InitialNoise.Fill(Seed, 0, 0, noise);
        var expected = new double[noise.Length];
        foreach (var tensor in network.Tensors)
            for (int i = tensor.Offset; i < tensor.Offset + tensor.Count; i++)
            {
                double fanIn = tensor.Role == ParameterRole.Embedding ? 1 : network.Tensors[tensor.Leader].Rows;
                double factor = scale.Values![grouping.Pattern(tensor.Index).First] / (relative ? Math.Sqrt(fanIn) : 1);
                expected[i] = tensor.Role switch
                {
                    ParameterRole.Scale => 1,
                    ParameterRole.Shift => 0,
                    _ => factor * noise[i],
                };
            }
        Close.Assert(weights, expected, 1e-15, "weights");
    }

    // The weights are linear in the scales.
    [TestCaseSource(nameof(Cases))]
    public void PullBack_IsTheSlopeOfTheWeights(Network network, Sharing sharing, bool relative)
    {
        var scale = Make(network, sharing, relative);
        var random = new Philox(2);
        double[] along = [.. Enumerable.Range(0, network.ParameterCount).Select(i => random.Uniform((ulong)i) - 0.5)];
        var slopes = new double[scale.Values!.Length];
        for (int i = 0; i < slopes.Length; i++)
        {
            double At(double shift)
            {
                double[] moved = [.. scale.Values];
                moved[i] += shift;
                return Weights(network, scale with { Values = moved }).Zip(along, (weight, c) => weight * c).Sum();
            }
            slopes[i] = At(0.5) - At(-0.5);
        }
        var gradient = new double[slopes.Length];
        scale.PullBack(along, new(network, Seed, 0), gradient);
        Close.Assert(gradient, slopes, 1e-12, "slopes");
    }

    private static Scale Make(Network network, Sharing sharing, bool relative)
    {
        var scale = relative ? Scale.PerFanIn(sharing, 1) : Scale.Per(sharing, 1);
        return scale with { Values = [.. Enumerable.Range(0, new WeightGrouping(network, sharing).Count).Select(i => 0.3 + 0.1 * i)] };
    }

    private static double[] Weights(Network network, Scale scale)
    {
        var weights = new double[network.ParameterCount];
        InitialWeights.Normal(network, scale, Seed).Fill(0, 0, weights);
        return weights;
    }
}
