using Hypergrad.Hyperparameters;
using Hypergrad.Json;
using Hypergrad.Optimizers;

namespace Hypergrad.RunFormat;

/// <summary>The second format: any network of layers, any optimizer, numbers or tokens as inputs.</summary>
internal static class Format2
{
    /// <summary>The quantities that a run gives one number for, and a result one derivative: the same at every step and weight.</summary>
    public static IReadOnlyList<Quantity> Constants { get; } = [Quantity.Epsilon];

    public static ExplicitRun Read(JsonValue file)
    {
        file.RequireOnly("format", "input", "network", "loss", "groups", "optimizer", "train", "validation", "batches", "initialWeights",
            "l2", "l1", "seed", "expected", "expectedDrmad");
        var fields = new RunFields(file, NetworkFields.Read(file));
        return fields.ToRun(ReadOptimizer(file.Field("optimizer"), fields), Seed(file));
    }

    private static RawOptimizer ReadOptimizer(JsonValue given, RunFields fields)
    {
        var kind = given.Field("name").Choice(OptimizerKinds.ByName);
        Quantity[] quantities = [.. kind.Schedules.Select(entry => entry.Quantity)];
        given.RequireOnly(
            [.. quantities.Select(quantity => quantity.Spelling).Prepend("name").Concat(kind is IDampened ? ["dampening"] : [])]);
        if (kind is IDampened dampened && given.Optional("dampening") is { } dampening)
            kind = dampened.WithDampening(dampening.IsText
                ? dampening.Choice(new Dictionary<string, double?> { ["momentum"] = null })
                : dampening.Number());
        return kind.Lower(fields.Tables(given, quantities));
    }

    private static ulong Seed(JsonValue file) => file.Optional("seed") is not { } seed ? 1
        : seed.Integer() is >= 0 and var number ? (ulong)number
        : throw new DataException($"{seed.Path}: a seed must be 0 or above.");
}
