using System.Text.Json.Nodes;
using Hypergrad.RunFormat;
using Hypergrad.Tests.Hypergradients;

namespace Hypergrad.Tests.RunFormat;

/// <summary>Runs of the second format that make no sense, and what each is told.</summary>
[TestFixture]
public sealed class Format2Tests
{
    private static IEnumerable<TestCaseData> Wrong()
    {
        static TestCaseData Case(string name, string file, Action<JsonObject> change, params string[] complaints) =>
            new TestCaseData(file, change, complaints).SetArgDisplayNames(name);
        const string adam = "mlp-adam", image = "convolution-pool-momentum", tokens = "transformer-adamw", norm = "residual-norm-adamw";

        yield return Case("unknown layer", image, file => file["network"]![0]!["layer"] = "convolusion",
            "$.network[0].layer", "there is no layer \"convolusion\"; did you mean \"convolution\"?");
        yield return Case("unknown optimizer", adam, file => file["optimizer"]!["name"] = "adamv",
            "$.optimizer.name: there is no \"adamv\". Did you mean \"adamw\"?");
        yield return Case("momentum for AdamW", adam, file => file["optimizer"]!["momentum"] = 0.9,
            "$.optimizer: there is no field \"momentum\".", "The fields are name, learningRate, beta1, beta2, epsilon, weightDecay.");
        yield return Case("dampening for AdamW", adam, file => file["optimizer"]!["dampening"] = 0,
            "$.optimizer: there is no field \"dampening\".");
        yield return Case("beta1 for momentum", image, file => file["optimizer"]!["beta1"] = 0.9,
            "$.optimizer: there is no field \"beta1\".", "The fields are name, learningRate, momentum, dampening.");
        yield return Case("field of another layer", image, file => file["network"]![0]!["units"] = 3,
            "$.network[0]: there is no field \"units\".");
        yield return Case("field of a layer missing", image, file => file["network"]![0]!.AsObject().Remove("channels"),
            "$.network[0]: the field \"channels\" is missing.");
        yield return Case("size of a layer", image, file => file["network"]![0]!["channels"] = 0,
            "$.network[0].channels: 0 is below 1, the least it can be.");
        yield return Case("unknown format", adam, file => file["format"] = 3, "$.format: there is no format 3");
        yield return Case("token beyond the vocabulary", tokens, file => file["train"]!["tokens"]![1]![2] = 11,
            "$.train", "of example 1 has 11 at position 2, which is no token; they are whole numbers from 0 to 10.");
        yield return Case("token that is no whole number", tokens, file => file["validation"]!["tokens"]![0]![0] = 1.5, "$.validation",
            "1.5");
        yield return Case("class number out of range", tokens, file => file["train"]!["targetClasses"]![0]![3] = -1,
            "$.train", "of example 0 has -1 at position 3, which is no class number; they are whole numbers from 0 to ");
        yield return Case("class numbers for the squared loss", tokens, file => file["loss"] = "squared",
            "class numbers, and the squared loss compares numbers");
        yield return Case("heads", tokens, file => SetFirst(file["network"]!, "attention", "heads", 7), "7 heads do not divide the width");
        yield return Case("groups", norm, file => SetFirst(file["network"]!, "groupNorm", "groups", 5), "5 groups do not divide the");
        yield return Case("kernel", image, file => file["network"]![0]!["kernel"] = new JsonArray(20, 20),
            "larger than its input of 8×8×2");
        yield return Case("beta1 of 1", adam, file => file["optimizer"]!["beta1"]![3]![1] = 1, "The beta1 of step 3, b1 is 1");
        yield return Case("epsilon of 0", adam, file => file["optimizer"]!["epsilon"] = 0, "The epsilon of step 0, all is 0");
        yield return Case("too much weight decay", adam, file => file["optimizer"]!["weightDecay"]![0]![0] = 1e6,
            "The learning rate times the weight decay of step 0, W1 is ", "it must stay below 1.");
        yield return Case("seed below 0", adam, file => file["seed"] = -1, "$.seed: a seed must be 0 or above.");
        yield return Case("targets twice", tokens, file => file["train"]!["targets"] = new JsonArray(),
            "$.train: give targets or targetClasses, not both.");
        yield return Case("tokens without an embedding", tokens,
            file => file["network"]![0] = new JsonObject { ["layer"] = "dense", ["units"] = 8 },
            "Layer 1 (dense): it takes numbers, and the input is 6 tokens of 11; begin the network with an embedding.");
        yield return Case("dampening above 1", image, file => file["optimizer"]!["dampening"] = 5,
            "A dampening of 5: it must be from 0 to 1, or the momentum itself.");
        yield return Case("momentum above 1", image, file => file["optimizer"]!["momentum"]![2]![0] = 1.5,
            "The momentum of step 2, W1 is 1.5; for momentum it must be from 0 to 1.");
        yield return Case("beta2 that rounds to 1", adam, file => file["optimizer"]!["beta2"]![1]![0] = 1 - 1e-8,
            "The beta2 of step 1, W1 is 0.99999999; for adamw it must be at least 0, and below 1 by 2e-7 or more.");
        yield return Case("shape and tokens", image, file => file["input"]!["tokens"] = 3,
            "give the shape of numbers, or tokens and their length");
    }

    [TestCaseSource(nameof(Wrong))]
    public void File_ThatIsNoRun_IsRefused(string name, Action<JsonObject> change, string[] complaints)
    {
        var file = JsonNode.Parse(File.ReadAllBytes(GoldenRuns.PathOf($"Format2/{name}")))!.AsObject();
        change(file);
        using var folder = new TemporaryFolder();
        string path = folder.Write("run.json", file.ToJsonString());
        var exception = Assert.Throws<DataException>(() => ExplicitRunReader.Read(path))!;
        foreach (string complaint in complaints)
            Assert.That(exception.Message, Does.StartWith($"{path}: ").And.Contain(complaint));
    }

    // Sets a field of the first layer of a kind, be it within another.
    private static bool SetFirst(JsonNode layers, string kind, string field, int value)
    {
        foreach (var layer in layers.AsArray())
            if (layer!["layer"]!.GetValue<string>() == kind)
            {
                layer[field] = value;
                return true;
            }
            else if (layer["body"] is { } body && SetFirst(body, kind, field, value))
                return true;
        return false;
    }
}
