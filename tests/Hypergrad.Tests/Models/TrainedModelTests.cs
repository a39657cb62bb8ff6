using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Models;
using Hypergrad.Networks;
using Hypergrad.Tests.MetaOptimization;
using Hypergrad.Trajectories;

namespace Hypergrad.Tests.Models;

[TestFixture]
public sealed class TrainedModelTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCaseSource(typeof(NetworksOfEveryLayer), nameof(NetworksOfEveryLayer.Cases))]
    public void SavedModel_ComesBackAsItWas(Network network)
    {
        var model = ModelUnderTest.Of(network, replicas: 2);
        model.Save(folder.Path);
        var loaded = TrainedModel.Load(folder.Path);
        Assert.That(loaded.Network.ToString(), Is.EqualTo(network.ToString()));
        Assert.That(loaded.Weights, Is.EqualTo(model.Weights));
        Assert.That(loaded.Provenance, Is.EqualTo(model.Provenance));
        var inputs = ModelUnderTest.Inputs(network, 3);
        Close.AssertSame(ModelUnderTest.All(loaded.Predict(inputs)), ModelUnderTest.All(model.Predict(inputs)), "predictions");
    }

    [Test]
    public void TrainedModel_KeepsWhatItWasTrainedWith_AndJudgesAsTheTrainingDid()
    {
        var run = SmallTuning.Run() with { Replicas = 2 };
        var outcome = Training.Run(run, [SmallTuning.Digits.Validation], Backend.Managed);
        var model = TrainedModel.Of(run, outcome.FinalWeights, null, Provenance.Of(run, "digits", outcome.TrainingLosses[0]));
        model.Save(folder.Path);
        var loaded = TrainedModel.Load(folder.Path);
        Assert.That(loaded.ClassNames, Is.EqualTo(run.Training.ClassNames));
        Assert.That(loaded.Hyperparameters!.Optimizer.Schedules.Select(entry => entry.Schedule.Values),
            Is.EqualTo(run.Hyperparameters!.Optimizer.Schedules.Select(entry => entry.Schedule.Values)));
        // Each replica by itself has the loss that its session had.
        for (int replica = 0; replica < 2; replica++)
        {
            var evaluation = (loaded with { Weights = [loaded.Weights[replica]] }).Evaluate(SmallTuning.Digits.Validation);
            Close.Assert(evaluation.Loss, outcome.Evaluations[0][replica].Loss, 1e-6, "loss");
            Close.Assert(1 - evaluation.Accuracy!.Value, outcome.Evaluations[0][replica].ErrorRate, 1e-12, "error rate");
        }
    }

    [Test]
    public void Ensemble_AveragesProbabilities()
    {
        var model = ModelUnderTest.Of(Network.Mlp([5, 4, 3]), replicas: 3);
        var inputs = ModelUnderTest.Inputs(model.Network, 200);
        var each = model.Weights.Select(weights => ModelUnderTest.All((model with { Weights = [weights] }).Predict(inputs))).ToArray();
        var mean = Enumerable.Range(0, each[0].Length).Select(i => each.Average(one => one[i])).ToArray();
        Close.AssertWithin(ModelUnderTest.All(model.Predict(inputs)), mean, 1e-12, "probabilities");
        Assert.That(each[0], Is.Not.EqualTo(each[1]).Within(1e-3));
    }

    [Test]
    public void Regression_TakesAndGivesTheUnitsOfTheData()
    {
        var data = new Dataset(new Table([1.0, 10, 3, 30], 2), new Table([100.0, 300], 1));
        var model = ModelUnderTest.Linear() with
        {
            InputNormalization = Normalization.Fit(data, NormalizationMode.Standardize),
            TargetNormalization = Normalization.FitTargets(data, NormalizationMode.Standardize),
        };
        model.Save(folder.Path);
        // Inputs become −1 and 1 each, outputs −4 and 6; targets have mean 200 and deviation 100.
        Close.AssertWithin(ModelUnderTest.All(TrainedModel.Load(folder.Path).Predict(data.Inputs)), [-200, 800], 1e-4, "predictions");
    }

    [Test]
    public void Inputs_ThatDoNotFit_AreRefused()
    {
        Refusals.Data(() => ModelUnderTest.Linear().Predict(new Table([1f, 2, 3], 3)),
            "The inputs have 3 numbers each, and the model takes 2.");
        var tokens = ModelUnderTest.Of(Network.OfTokens(6, 2, new Embedding(3), new Dense(2)));
        Refusals.Data(() => tokens.Predict(new Table([1f, 6], 2)),
            "The model's input of example 0 has 6 at position 1, which is no token; they are whole numbers from 0 to 5.");
        Assert.That(() => ModelUnderTest.Linear().Predict(new Table([1f, 3e38f], 2)), Throws.TypeOf<DataException>()
            .With.Message.StartsWith("The model's output for example 0 is ")
            .And.Message.Contains("far from what the model was trained on"));
    }

    [Test]
    public void MoreOutputsThanAnArrayCanHold_AreRefused() => Refusals.Data(
        () => ModelUnderTest.Of(Network.Mlp([1, 1_000_000])).Predict(new Table(new float[3000], 1)),
        $"3000 examples have 3000000000 outputs in all; at most {Array.MaxLength} fit. Predict fewer.");

    [Test]
    public void WeightThatIsNotFinite_IsNotSaved()
    {
        var model = ModelUnderTest.Linear() with { Weights = [[2, float.PositiveInfinity, 1]] };
        Assert.That(() => model.Save(folder.Path), Throws.TypeOf<ConfigurationException>()
            .With.Message.StartsWith("Weight 1 of W1 is Infinity in single precision; "));
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.Empty);
    }

    [Test]
    public void LossThatIsNotFinite_IsNotWritten()
    {
        var provenance = ModelUnderTest.Provenance with { TrainingLoss = double.NaN, TestLoss = double.PositiveInfinity };
        (ModelUnderTest.Linear() with { Provenance = provenance }).Save(folder.Path);
        var loaded = TrainedModel.Load(folder.Path).Provenance;
        Assert.That((loaded.TrainingLoss, loaded.TestLoss), Is.EqualTo((double.NaN, (double?)null)));
    }

    [Test]
    public void FolderWithoutAModel_IsRefused() => Refusals.Data(() => TrainedModel.Load(folder.Path),
        $"{folder.Path}: there is no model in it, for there is no model.json. Name the folder that a training, or a tuning's folder model, "
            + "was written to.");

    [Test]
    public void DamagedWeights_AreRefused()
    {
        ModelUnderTest.Linear().Save(folder.Path);
        string path = folder.File("model.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        Refusals.Data(() => TrainedModel.Load(folder.Path), $"{path}: the checksum is not the one that model.json has: one of the files is "
            + "damaged, or they are not of one model. Write the model again.");
        File.Delete(path);
        Refusals.Data(() => TrainedModel.Load(folder.Path), $"{path}: there is no such file.");
    }

    [TestCase("\"hypergrad model 1\"", "\"hypergrad model 2\"",
        "$.format is \"hypergrad model 2\"; this version reads \"hypergrad model 1\". Use the version that wrote it.")]
    [TestCase("\"loss\"", "\"encoding\": {\"version\": 9}, \"loss\"", "$.encoding: $.version: 9; this version of the library reads 1.")]
    [TestCase("\"loss\"", "\"encoding\": {\"version\": 1, \"inputSize\": 3, \"imageChannels\": 1, \"missing\": \"refuse\", "
        + "\"doublePrecision\": false, \"targetColumns\": []}, \"loss\"",
        "$.encoding: it makes 3 inputs, and the network takes 2.")]
    [TestCase("\"replicas\": 1", "\"replicas\": 0", "$.replicas is 0; a model has at least 1.")]
    [TestCase("\"replicas\": 1", "\"replicas\": 2", "there are 2 tensors, and 2 networks of 2 each take 4.")]
    [TestCase("\"units\": 1", "\"units\": 2", "the tensor W1 has the shape 2×1, and the network's has 2×2.")]
    [TestCase("\"loss\"", "\"classes\": [\"a\", \"b\"], \"loss\"", "$.classes: 2 names, and the network gives 1 outputs.")]
    [TestCase("\"provenance\"", "\"colour\": 1, \"provenance\"", "$: there is no field \"colour\".")]
    [TestCase("\"seed\": 18446744073709551615", "\"seed\": -1", "$.provenance.seed: -1 is not a whole number of at least 0.")]
    [TestCase("\"loss\"", "\"inputNormalization\": {\"mode\": \"center\", \"shift\": [1], \"scale\": [1, 1], \"constant\": []}, \"loss\"",
        "$.inputNormalization.shift: 1 numbers where there must be 2, one per input.")]
    [TestCase("\"loss\"",
        "\"inputNormalization\": {\"mode\": \"center\", \"shift\": [1, 1], \"scale\": [1, 1], \"constant\": [2]}, \"loss\"",
        "$.inputNormalization.constant: there is no input 2; they are numbered 0 to 1.")]
    public void InconsistentFile_IsRefused(string from, string to, string message)
    {
        ModelUnderTest.Linear().Save(folder.Path);
        string text = File.ReadAllText(folder.File("model.json"));
        Assert.That(text, Does.Contain(from));
        folder.Write("model.json", text.Replace(from, to, StringComparison.Ordinal));
        Assert.That(() => TrainedModel.Load(folder.Path), Throws.TypeOf<DataException>()
            .With.Message.StartsWith(folder.Path).And.Message.Contains(message));
    }

    [Test]
    public void ClassThatStandsTwice_AndClassesWithNormalisedTargets_AreRefused()
    {
        var data = new Dataset(new Table([1.0, 10, 3, 30], 2), new Table([100.0, 300], 1));
        var model = ModelUnderTest.Of(Network.Mlp([2, 2]), classes: ["a", "b"]);
        model.Save(folder.Path);
        string text = File.ReadAllText(folder.File("model.json"));
        folder.Write("model.json", text.Replace("\"b\"", "\"a\"", StringComparison.Ordinal));
        Refusals.Data(() => TrainedModel.Load(folder.Path), $"{folder.File("model.json")}: $.classes: a class stands twice.");
        var targets = Normalization.FitTargets(data, NormalizationMode.Center);
        var linear = ModelUnderTest.Linear() with { ClassNames = ["a"], TargetNormalization = targets };
        linear.Save(folder.Path);
        Refusals.Data(() => TrainedModel.Load(folder.Path),
            $"{folder.File("model.json")}: $: a model of classes has no targetNormalization.");
    }

    [Test]
    public void FolderThatCannotBeWritten_IsRefused()
    {
        string below = Path.Combine(folder.Write("file", "content"), "folder");
        Assert.That(() => ModelUnderTest.Linear().Save(below), Throws.TypeOf<ConfigurationException>()
            .With.Message.StartsWith($"{below} cannot be written to: "));
    }
}
