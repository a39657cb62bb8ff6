using System.Text.Json.Nodes;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;

namespace Hypergrad.Tests.Runs;

/// <summary>A small run in the explicit run format.</summary>
internal static class RunFile
{
    public static JsonObject Of(SmallRun run) => new()
    {
        ["layers"] = Numbers([run.Network.InputSize, .. run.Network.Layers.Cast<Dense>().Select(layer => layer.Units)]),
        ["activation"] = Spelling.Of(run.Activation),
        ["loss"] = Spelling.Of(run.Network.Loss),
        ["groups"] = run.LearningRateGrouping.Sharing switch { Sharing.All => "all", Sharing.Layer => "layer", _ => "tensor" },
        ["train"] = new JsonObject
        {
            ["inputs"] = Rows(run.Inputs, run.Network.InputSize),
            ["targets"] = Rows(run.Targets, run.Network.OutputSize),
            ["weights"] = Numbers(run.ExampleWeights),
        },
        ["validation"] = new JsonObject
        {
            ["inputs"] = Rows(run.Validation.Inputs.ToArray(), run.Network.InputSize),
            ["targets"] = Rows(run.Validation.Targets.ToArray(), run.Network.OutputSize),
        },
        ["batches"] = new JsonArray([.. run.Batches.Select(Numbers)]),
        ["initialWeights"] = Numbers(run.InitialWeights),
        ["learningRate"] = Rows(run.LearningRate, run.LearningRateGrouping.Count),
        ["momentum"] = Rows(run.Momentum, run.MomentumGrouping.Count),
        ["l2"] = Numbers(run.L2),
        ["l1"] = Numbers(run.L1),
    };

    private static JsonArray Numbers<T>(T[] values) => new([.. values.Select(value => System.Text.Json.Nodes.JsonValue.Create(value))]);

    private static JsonArray Rows(double[] values, int columns) => new([.. values.Chunk(columns).Select(Numbers)]);
}
