using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypergrad.Backends;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.RunFormat;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.RunFormat;

[TestFixture]
public sealed class ExplicitRunReaderTests
{
    private static SmallRun Small() => new(1, [2, 3, 2], steps: 3);

    private static IEnumerable<TestCaseData> Runs()
    {
        foreach (var activation in Enum.GetValues<Activation>())
            foreach (var loss in Enum.GetValues<Loss>())
                yield return new TestCaseData(new SmallRun(7, [2, 3, 2], activation, loss)).SetArgDisplayNames($"{activation}", $"{loss}");
        foreach (var sharing in new[] { Sharing.All, Sharing.Layer })
            yield return new TestCaseData(new SmallRun(7, [2, 3, 2], learningRates: sharing, momenta: sharing)).SetArgDisplayNames(
                $"{sharing}");
    }

    [TestCaseSource(nameof(Runs))]
    public void Read_GivesTheRun(object small)
    {
        var expected = (SmallRun)small;
        using var folder = new TemporaryFolder();
        var (run, validation) = ExplicitRunReader.Read(folder.Write("run.json", RunFile.Of(expected).ToJsonString()));
        Assert.That((((Dense)run.Network.Layers[0]).Activation, run.Network.Loss),
            Is.EqualTo((expected.Activation, expected.Network.Loss)));
        HypergradientOptions options = new() { Precision = Precision.Double };
        var read = Hypergradient.Stored(run, validation, options);
        var wanted = Hypergradient.Stored(expected.ToRun(), expected.Validation, options);
        Assert.That(read.ValidationLoss, Is.EqualTo(wanted.ValidationLoss));
        Close.AssertSame(read.Raw, wanted.Raw);
    }

    [Test]
    public void Read_WithoutPenaltiesAndWeights_HasNone()
    {
        var file = RunFile.Of(Small());
        file.Remove("l2");
        file.Remove("l1");
        file["train"]!.AsObject().Remove("weights");
        var run = Read(file).Run.Lower();
        Assert.That((run.L2, run.L1, run.ExampleWeights), Is.EqualTo(((PenaltyTable?)null, (PenaltyTable?)null, (double[]?)null)));
    }

    [Test]
    public void Write_GivesEveryArray_InTheShapeOfTheFormat()
    {
        var small = Small();
        var result = Hypergradient.Exact(small.ToRun(), small.Validation, new() { Precision = Precision.Double, KeepFinalWeights = true });
        using var stream = new MemoryStream();
        ExplicitResultWriter.Write(stream, result, "managed");
        var written = JsonNode.Parse(stream.ToArray())!.AsObject();
        Assert.That(written["validationLoss"]!.GetValue<double>(), Is.EqualTo(result.ValidationLoss));
        Assert.That(written["trainingLosses"]!.AsArray(), Has.Count.EqualTo(3));
        Assert.That(written["finalWeights"]!.AsArray(), Has.Count.EqualTo(17));
        Assert.That(written["gradient"]!["learningRate"]![2]![3]!.GetValue<double>(), Is.EqualTo(result.Raw[Quantity.LearningRate]![11]));
        Assert.That(written["gradient"]!["inputs"]![5]![1]!.GetValue<double>(), Is.EqualTo(result.Raw[Quantity.Inputs]![11]));
        Assert.That(written["gradient"]!.AsObject().Select(field => field.Key),
            Is.EquivalentTo(result.Raw.Quantities.Select(quantity => quantity.Spelling)));
        Assert.That(written["reversal"]!["exact"]!.GetValue<bool>(), Is.True);
    }

    private static IEnumerable<TestCaseData> Wrong()
    {
        TestCaseData Case(string name, Action<JsonObject> change, string message) =>
            new TestCaseData(change, message).SetArgDisplayNames(name);
        yield return Case("missing", file => file.Remove("layers"), "$: the field \"layers\" is missing.");
        yield return Case("missing inside", file => file["train"]!.AsObject().Remove("targets"),
            "$.train: the field \"targets\" is missing.");
        yield return Case("extra, near a name", file => file["momentun"] = 1,
            "$: there is no field \"momentun\". Did you mean \"momentum\"? The fields are layers, activation, loss, groups, train, "
            + "validation, batches, initialWeights, learningRate, momentum, l2, l1, expected, expectedDrmad.");
        yield return Case("extra, near none", file => file["validation"]!["something"] = 1,
            "$.validation: there is no field \"something\". The fields are inputs, targets, targetClasses.");
        yield return Case("wrong type", file => file["layers"] = "2-3-2", "$.layers: \"2-3-2\" is not an array.");
        yield return Case("wrong type inside", file => file["layers"]![1] = 2.5, "$.layers[1]: 2.5 is not a whole number.");
        yield return Case("object for an array", file => file["train"]!["inputs"]![3] = new JsonObject(),
            "$.train.inputs[3]: {} is not an array.");
        yield return Case("array for an object", file => file["train"] = new JsonArray(), "$.train: [] is not an object.");
        yield return Case("text for a number", file => file["train"]!["inputs"]![3]![1] = "x",
            "$.train.inputs[3][1]: \"x\" is not a finite number.");
        yield return Case("no number", file => file["l2"]![4] = null, "$.l2[4]: null is not a finite number.");
        yield return Case("not finite", file => file["learningRate"]![1]![2] = JsonNode.Parse("1e999"),
            "$.learningRate[1][2]: 1e999 is not a finite number.");
        yield return Case("number for a name", file => file["activation"] = 3,
            "$.activation: 3 is not one of tanh, relu, sigmoid, softplus, gelu, identity.");
        yield return Case("unknown activation", file => file["activation"] = "sigmiod",
            "$.activation: there is no \"sigmiod\". Did you mean \"sigmoid\"? "
            + "Choose one of tanh, relu, sigmoid, softplus, gelu, identity.");
        yield return Case("unknown loss", file => file["loss"] = "hinge",
            "$.loss: there is no \"hinge\". Choose one of softmax-cross-entropy, squared.");
        yield return Case("unknown groups", file => file["groups"] = "layers",
            "$.groups: there is no \"layers\". Did you mean \"layer\"? Choose one of tensor, layer, all.");
        yield return Case("layer of size 0", file => file["layers"]![1] = 0,
            "Layer 1 of 2-0-2 has size 0; every layer needs at least 1 unit.");
        yield return Case("inputs too narrow", file => file["train"]!["inputs"]![2] = new JsonArray(1.0),
            "$.train.inputs[2]: 1 numbers where there must be 2, one per input of the network.");
        yield return Case("targets too wide", file => file["validation"]!["targets"]![0] = new JsonArray(1.0, 2.0, 3.0),
            "$.validation.targets[0]: 3 numbers where there must be 2, one per output of the network.");
        yield return Case("huge layer", file => file["layers"]![0] = 300_000_000,
            "$.train.inputs[0]: 2 numbers where there must be 300000000, one per input of the network.");
        yield return Case("fewer targets", file => file["train"]!["targets"]!.AsArray().RemoveAt(0),
            "$.train: 6 inputs and 5 targets; there must be one target per input.");
        yield return Case("no examples", file =>
            (file["validation"]!["inputs"], file["validation"]!["targets"]) = (new JsonArray(), new JsonArray()),
            "$.validation.inputs: there must be at least one row.");
        yield return Case("weights too few", file => file["initialWeights"]!.AsArray().RemoveAt(0),
            "$.initialWeights: 16 numbers where there must be 17, one per weight.");
        yield return Case("example weights too few", file => file["train"]!["weights"]!.AsArray().RemoveAt(0),
            "$.train.weights: 5 numbers where there must be 6, one per training example.");
        yield return Case("steps differ", file => file["momentum"]!.AsArray().RemoveAt(0), "$.momentum: 2 steps where $.batches has 3.");
        yield return Case("groups differ", file => file["momentum"]![1]!.AsArray().RemoveAt(0),
            "$.momentum[1]: 3 numbers where there must be 4, one per group.");
        yield return Case("no steps", file =>
            (file["batches"], file["learningRate"], file["momentum"]) = (new JsonArray(), new JsonArray(), new JsonArray()),
            "$.batches is empty: a run needs at least one step.");
        yield return Case("empty batch", file => file["batches"]![1] = new JsonArray(),
            "$.batches[1] is empty: every step needs at least one example.");
        yield return Case("example out of range", file => file["batches"]![1]![0] = 6,
            "$.batches[1][0] is 6: there are 6 training examples, numbered 0 to 5.");
        yield return Case("momentum above 1", file => file["momentum"]![2]![1] = 1.25,
            "The momentum of step 2, b1 is 1.25; for momentum it must be from 0 to 1.");
    }

    [TestCaseSource(nameof(Wrong))]
    public void File_ThatIsNoRun_IsRefused(Action<JsonObject> change, string message)
    {
        var file = RunFile.Of(Small());
        change(file);
        using var folder = new TemporaryFolder();
        string path = folder.Write("run.json", file.ToJsonString());
        Refusals.Data(() => ExplicitRunReader.Read(path), $"{path}: {message}");
    }

    [Test]
    public void MomentumOfZero_IsRead() =>
        Assert.That(
        Read(Changed(file => file["momentum"]![0]![0] = 0)).Run.Lower().Optimizer.Tables[Quantity.Momentum].Values[0], Is.Zero);

    [TestCase("", "The input does not contain any JSON tokens")]
    [TestCase("not json", "is an invalid JSON literal")]
    [TestCase("{\"layers\": [2, 3", "is an invalid end of a number")]
    public void Text_ThatIsNotJson_IsRefused(string text, string complaint)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("run.json", text);
        Assert.That(
            () => ExplicitRunReader.Read(path),
            Throws.TypeOf<DataException>().With.Message.StartsWith($"{path} is not valid JSON: ").And.Message.Contains(complaint));
    }

    [Test]
    public void Text_ThatIsNotUnicode_IsRefused([Values("activation", "name")] string where)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(RunFile.Of(Small()).ToJsonString().Replace(where == "name" ? "groups" : "tanh", "@@@@"));
        for (int i = 0; i < bytes.Length; i++)
            if (bytes[i] == '@')
                bytes[i] = 0xFF;
        using var folder = new TemporaryFolder();
        string path = folder.Write("run.json", bytes);
        Assert.That(() => ExplicitRunReader.Read(path), Throws.TypeOf<DataException>().With.Message.StartsWith(path));
    }

    [Test]
    public void File_ThatIsNotThere_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Refusals.Data(() => ExplicitRunReader.Read(folder.File("none.json")), $"{folder.File("none.json")}: there is no such file.");
    }

    [Test]
    public void FieldThatStandsTwice_IsRefused()
    {
        string text = RunFile.Of(Small()).ToJsonString();
        using var document = JsonDocument.Parse(text[..^1] + ",\"l2\":[]}");
        Refusals.Data(() => ExplicitRunReader.Read(document.RootElement), "$: the field \"l2\" stands twice.");
    }

    private static JsonObject Changed(Action<JsonObject> change)
    {
        var file = RunFile.Of(Small());
        change(file);
        return file;
    }

    private static ExplicitRun Read(JsonObject file)
    {
        using var document = JsonDocument.Parse(file.ToJsonString());
        return ExplicitRunReader.Read(document.RootElement);
    }
}
