using Hypergrad.Data;
using Hypergrad.Models;
using Hypergrad.Networks;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Models;

/// <summary>Models with weights that no training made, and inputs for them.</summary>
internal static class ModelUnderTest
{
    public static TrainedModel Of(Network network, int replicas = 1, IReadOnlyList<string>? classes = null) => new()
    {
        Network = network,
        Weights = [.. Enumerable.Range(0, replicas).Select(replica => Weights(network, replica + 1))],
        ClassNames = classes,
        Provenance = Provenance,
    };

    public static Provenance Provenance => new()
    {
        Version = "0.1.0",
        Data = "numbers drawn at random",
        TrainingExamples = 60,
        Steps = 5,
        BatchSize = 20,
        Sampling = Sampling.WithReplacement,
        Seed = ulong.MaxValue,
        TrainingLoss = 0.5,
        TestLoss = 0.75,
    };

    /// <summary>a ↦ 2a₀ + 3a₁ + 1.</summary>
    public static TrainedModel Linear() =>
        Of(Network.Mlp([2, 1], loss: Loss.Squared)) with { Weights = [[2, 3, 1]] };

    /// <summary>Inputs that the network takes, numbers or tokens.</summary>
    public static Table Inputs(Network network, int count)
    {
        var random = new Random(3);
        var values = new float[count * network.InputSize];
        for (int i = 0; i < values.Length; i++)
            values[i] = network.Input.Vocabulary is { } vocabulary ? random.Next(vocabulary) : Normal(random);
        return new(values, network.InputSize, "input");
    }

    public static double[] All(Predictions predictions) => [.. Enumerable.Range(0, predictions.Count).SelectMany(example =>
        Enumerable.Range(0, predictions.Positions).SelectMany(position => predictions.Of(example, position).ToArray()))];

    private static float[] Weights(Network network, int seed)
    {
        var random = new Random(seed);
        var weights = new float[network.ParameterCount];
        foreach (var tensor in network.Tensors)
            for (int i = 0; i < tensor.Count; i++)
                weights[tensor.Offset + i] = (tensor.Role == ParameterRole.Scale ? 1 : 0)
                    + Normal(random) / MathF.Sqrt(tensor.Role == ParameterRole.Weight ? tensor.Rows : 4);
        return weights;
    }

    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
