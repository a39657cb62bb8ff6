using Hypergrad.Hyperparameters;
using Hypergrad.Json;
using Hypergrad.Networks;
using Hypergrad.Optimizers;

namespace Hypergrad.RunFormat;

/// <summary>
/// The first format: a multi-layer perceptron of one activation, trained by momentum whose dampening is the momentum itself. Layers,
/// activation, loss, groups, data, batches, schedules and penalties.
/// </summary>
internal static class Format1
{
    public static ExplicitRun Read(JsonValue file)
    {
        file.RequireOnly("layers", "activation", "loss", "groups", "train", "validation", "batches", "initialWeights", "learningRate",
            "momentum", "l2", "l1", "expected", "expectedDrmad");
        var network = Network.Mlp(
            file.Field("layers").Integers(), file.Field("activation").Choice(Spelling.Activations),
            file.Field("loss").Choice(Spelling.Losses));
        var fields = new RunFields(file, network);
        return fields.ToRun(OptimizerKinds.ByName["momentum"].Lower(fields.Tables(file, [Quantity.LearningRate, Quantity.Momentum])));
    }
}
