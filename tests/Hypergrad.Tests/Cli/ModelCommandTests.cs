using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hypergrad.Cli;
using Hypergrad.Models;
using Hypergrad.Networks;

namespace Hypergrad.Tests.Cli;

/// <summary>The way from tuned hyperparameters to predictions: train, evaluate, predict, export.</summary>
[TestFixture]
public sealed class ModelCommandTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Tuning_LeavesTheModelOfItsBestMetaStep()
    {
        string flowers = Tune();
        var model = TrainedModel.Load(folder.File("results/model"));
        using var result = JsonDocument.Parse(File.ReadAllText(folder.File("results/result.json")));
        double least = result.RootElement.GetProperty("metaSteps").EnumerateArray()
            .Min(step => step.GetProperty("validationLoss").GetDouble());
        Assert.That(model.Provenance.ValidationLoss, Is.EqualTo(least).Within(1e-12));
        Assert.That(model.ClassNames, Is.EqualTo(new[] { "setosa", "virginica, the last" }));
        Assert.That(model.Provenance.Data, Is.EqualTo(flowers));
        Assert.That(model.InputNormalization!.InputSize, Is.EqualTo(2));
    }

    [Test]
    public void ResumedTuning_LeavesTheSameModel()
    {
        Tune();
        byte[] weights = File.ReadAllBytes(folder.File("results/model/model.safetensors"));
        File.Delete(folder.File("results/model/model.safetensors"));
        CommandLine.Succeed([.. TuneFlowers, "--resume"]);
        Assert.That(File.ReadAllBytes(folder.File("results/model/model.safetensors")), Is.EqualTo(weights));
    }

    [Test]
    public void Training_TakesTheNetworkOfTheModelBesideItsHyperparameters()
    {
        string flowers = Tune();
        string shown = Train(flowers);
        Assert.That(shown, Does.Contain("16 training, 8 validation, 8 test").And.Contain("6 steps of 4 examples, seed 7")
            .And.Match("validation loss [0-9.]+ test loss [0-9.]+").And.Not.Contain("stretched"));
        var (tuned, trained) = (TrainedModel.Load(folder.File("results/model")), TrainedModel.Load(folder.File("model")));
        Assert.That(trained.Network.ToString(), Is.EqualTo("2-5-2"));
        // The same training but for the last digits, which a reversible one keeps otherwise.
        Assert.That(trained.Weights[0], Is.EqualTo(tuned.Weights[0]).Within(1e-3f));
    }

    [Test]
    public void Training_OfMoreStepsOfAllDataAndSeveralSeeds_MakesAnEnsemble()
    {
        string flowers = Tune();
        string shown = Train(flowers, "--steps", "20", "--all-data", "--replicas", "3", "--seed", "2");
        Assert.That(shown, Does.Contain("24 training (all data), 8 test").And.Contain("20 steps of 4 examples, seed 2, "
            + "3 replicas, whose predictions are averaged; the schedules of 6 steps are stretched over them"));
        Assert.That(shown, Does.Not.Contain("validation loss"));
        var model = TrainedModel.Load(folder.File("model"));
        Assert.That(model.Weights, Has.Count.EqualTo(3));
        var provenance = model.Provenance;
        Assert.That((provenance.Steps, provenance.ValidationLoss, provenance.TrainingExamples), Is.EqualTo((20, (double?)null, 24)));
    }

    [Test]
    public void Training_TakesTheNetworkThatOptionsDescribe()
    {
        string flowers = Tune();
        Train(flowers, "--hidden", "5", "--activation", "tanh", "--batch-size", "3", "--sampling", "with-replacement",
            "--precision", "double", "--threads", "1", "--split", "0.5,0.5", "--backend", "managed", "--normalize", "standardize", "--data-seed", "3",
            "--loss", "softmax-cross-entropy");
        Assert.That(((Dense)TrainedModel.Load(folder.File("model")).Network.Layers[0]).Activation, Is.EqualTo(Activation.Tanh));
        CommandLine.Refuse(ExitCode.Data, "$.network: these hyperparameters are of the network 2-5-2, and this one is 2-4-2.",
            ["train", "--start", folder.File("results/hyperparameters.json"), "--data", flowers, "--out", folder.File("other"),
                "--hidden", "4"]);
    }

    [Test]
    public void Evaluation_ShowsTheClasses()
    {
        string flowers = Tune();
        string shown = CommandLine.Succeed("evaluate", folder.File("results/model"), "--data", flowers);
        Assert.That(shown, Does.Contain($"data │ {flowers}").And.Match("examples │ 32")
            .And.Match("loss │ [0-9.]+").And.Match("accuracy │ [0-9.]+ %")
            .And.Match("class │ examples │ recall │ precision").And.Match("virginica, the last │ 16 │"));
    }

    [Test]
    public void Regression_IsEvaluatedAndPredictedInTheUnitsOfTheData()
    {
        string houses = folder.Write("houses.csv", "rooms,area,price\n" + string.Concat(Enumerable.Range(0, 40).Select(i =>
            FormattableString.Invariant($"{i % 5},{i * 3.5},{100_000 + 2000.5 * i + 500 * (i % 5)}\n"))));
        CommandLine.Succeed("tune", "--data", houses, "--hidden", "none", "--steps", "40", "--learning-rate", "0.2", "--batch-size", "20",
            "--meta-steps", "1", "--out", folder.File("results"));
        string shown = CommandLine.Succeed("evaluate", folder.File("results/model"), "--data", houses);
        Assert.That(shown, Does.Match("RMSE │ [0-9.]+").And.Match("R² │ (1|0[.]99[0-9]+) "));
        var (_, csv, _) = CommandLine.Run("predict", folder.File("results/model"), "--data", houses);
        string[] lines = csv.TrimEnd('\n').Split('\n');
        Assert.That((lines.Length, lines[0]), Is.EqualTo((41, "prediction")));
        Assert.That(double.Parse(lines[21], CultureInfo.InvariantCulture), Is.EqualTo(140_010).Within(100));
    }

    [Test]
    public void Predictions_AreTheSame_WithAndWithoutTargets_AndAsEitherFormat()
    {
        string flowers = Tune();
        string bare = folder.Write("bare.csv", string.Concat(File.ReadLines(flowers).Select(line =>
            string.Join(',', line.Split(',')[..2]) + "\n")));
        var (_, csv, _) = CommandLine.Run("predict", folder.File("results/model"), "--data", flowers);
        CommandLine.Succeed("predict", folder.File("results/model"), "--data", bare, "--out", folder.File("bare.out"));
        Assert.That(File.ReadAllText(folder.File("bare.out")), Is.EqualTo(csv));
        Assert.That(csv, Does.StartWith("class,setosa,\"virginica, the last\"\n"));
        var (_, json, _) = CommandLine.Run(
            "predict", folder.File("results/model"), "--data", flowers, "--format", "jsonl", "--examples", "4");
        string[] lines = json.TrimEnd('\n').Split('\n');
        Assert.That(lines, Has.Length.EqualTo(4));
        foreach (var (line, row) in lines.Zip(csv.Split('\n')[1..]))
        {
            using var parsed = JsonDocument.Parse(line);
            string name = parsed.RootElement.GetProperty("class").GetString()!;
            double share = parsed.RootElement.GetProperty("outputs").GetProperty("setosa").GetDouble();
            string number = ((float)share).ToString(CultureInfo.InvariantCulture);
            Assert.That(row, Does.Match($"^\"?{Regex.Escape(name)}\"?,{Regex.Escape(number)},"));
        }
    }

    // A table of its own has other categories, in another order, and columns more; the model sees those that it has learned.
    [Test]
    public void Categories_AreThoseOfTheTraining()
    {
        string houses = folder.Write("houses.csv", "kind,area,price\n" + string.Concat(Enumerable.Range(0, 40).Select(i =>
            FormattableString.Invariant($"{(i % 2 == 0 ? "flat" : "villa")},{i * 3.5},{100_000 + 2000.5 * i + i % 2 * 50_000}\n"))));
        CommandLine.Succeed("tune", "--data", houses, "--hidden", "none", "--steps", "40", "--learning-rate", "0.2", "--batch-size", "20",
            "--meta-steps", "1", "--out", folder.File("results"));
        string villas = folder.Write("villas.csv", "colour,area,kind\nred,35,villa\nblue,70,villa\n");
        var (_, csv, error) = CommandLine.Run("predict", folder.File("results/model"), "--data", villas);
        Assert.That(error, Is.Empty);
        double[] predicted = [.. csv.Split('\n')[1..3].Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
        Close.AssertWithin(predicted, [170_005, 190_010], 2000, "prices");
    }

    [Test]
    public void Images_AreTrainedOnAndPredicted()
    {
        CommandLine.Succeed([.. CommandLine.Quick, "--out", folder.File("results")]);
        var (code, csv, _) = CommandLine.Run("predict", folder.File("results/model"), "--data", "digits", "--examples", "3");
        Assert.That((code, csv.TrimEnd('\n').Split('\n').Length), Is.EqualTo((ExitCode.Success, 4)));
        folder.Write("images", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28, .. new byte[2 * 784]]);
        (code, csv, _) = CommandLine.Run("predict", folder.File("results/model"), "--data", folder.File("images"));
        Assert.That((code, csv.TrimEnd('\n').Split('\n').Length), Is.EqualTo((ExitCode.Success, 3)));
    }

    [Test]
    public void Export_WritesAFile()
    {
        Tune();
        string path = folder.File("model.onnx");
        Assert.That(CommandLine.Succeed("export", folder.File("results/model"), "--onnx", path), Does.Contain("ONNX, operator set 17"));
        using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(path);
        Assert.That(session.InputMetadata["input"].Dimensions, Is.EqualTo(new[] { -1, 2 }));
    }

    [Test]
    public void WrongUsage_IsRefused()
    {
        string flowers = Tune(), model = folder.File("results/model"), hyperparameters = folder.File("results/hyperparameters.json");
        string[] train = ["train", "--start", hyperparameters, "--data", flowers, "--out"];
        CommandLine.Refuse(ExitCode.Usage, "Option '--start' is required.", "train", "--out", folder.File("model"));
        CommandLine.Refuse(ExitCode.Usage, "Option '--out' is required.", "train", "--start", hyperparameters);
        CommandLine.Refuse(ExitCode.Usage, "Option '--onnx' is required.", "export", model);
        CommandLine.Refuse(ExitCode.Usage, "Required argument 'model' missing for command: 'predict'.", "predict", "--data", flowers);
        CommandLine.Refuse(ExitCode.Usage, "A schedule of 0 steps: training needs at least 1 step.",
            [.. train, folder.File("model"), "--steps", "0"]);
        CommandLine.Refuse(ExitCode.Usage, "--steps many: write a whole number", [.. train, folder.File("model"), "--steps", "many"]);
        CommandLine.Refuse(ExitCode.Usage, "The folder to write to has no name.", [.. train, ""]);
        CommandLine.Refuse(ExitCode.Usage, "Name the data with --data: a file, a folder, or digits.", "predict", model);
        CommandLine.Refuse(ExitCode.Usage, "Name the data with --data: a file, a folder, or digits.", "evaluate", model);
        CommandLine.Refuse(ExitCode.Usage, "--format: there is no \"json\". Did you mean jsonl?",
            "predict", model, "--data", flowers, "--format", "json");
        CommandLine.Refuse(ExitCode.Usage, $"--out {folder.Path} is a folder; name a file.",
            "predict", model, "--data", flowers, "--out", folder.Path);
        CommandLine.Refuse(ExitCode.Usage, "--examples 0: use at least 1.", "predict", model, "--data", flowers, "--examples", "0");
        CommandLine.Refuse(ExitCode.Usage, $"--onnx {folder.Path} is a folder; name a file.", "export", model, "--onnx", folder.Path);
        Assert.That(Directory.Exists(folder.File("model")) && Directory.EnumerateFiles(folder.File("model")).Any(), Is.False);
    }

    [Test]
    public void BadData_IsRefused()
    {
        string flowers = Tune(), model = folder.File("results/model");
        string narrow = folder.Write("narrow.csv", "a,b,c,d,e\n1,2,3,4,5\n2,3,4,5,6\n");
        CommandLine.Refuse(ExitCode.Data, "length", "predict", model, "--data", narrow);
        CommandLine.Refuse(ExitCode.Data, $"--examples 33: {flowers} has only 32.", "predict", model, "--data", flowers, "--examples", "33");
        CommandLine.Refuse(ExitCode.Data, "there is no model in it", "evaluate", folder.Path, "--data", flowers);
        CommandLine.Refuse(ExitCode.Data, "there is no such file", "predict", model, "--data", folder.File("absent.csv"));
        CommandLine.Refuse(ExitCode.Data, "there is no such file.",
            "train", "--start", folder.File("absent.json"), "--data", flowers, "--out", folder.File("model"));
        CommandLine.Refuse(ExitCode.Data, "length", "evaluate", model, "--data", narrow);
        string other = folder.Write("other.csv", "length,width,species\n1,2,rosa\n");
        CommandLine.Refuse(ExitCode.Data, "rosa", "evaluate", model, "--data", other);
        folder.Write("results/model/model.json", "{}");
        CommandLine.Refuse(ExitCode.Data, "model.json: $: the field \"format\" is missing.",
            "export", model, "--onnx", folder.File("model.onnx"));
    }

    [Test]
    public void EveryOption_IsTriedByATest()
    {
        // The options that tune has too are tried with it.
        string[] tuned = Options("tune");
        string[] tried = ["--start", "--out", "--steps", "--all-data", "--format", "--onnx", "--encoding"]; // the last by TrainingEncodingTests
        foreach (string command in new[] { "train", "evaluate", "predict", "export" })
            Assert.That(Options(command).Except(tuned).Except(tried), Is.Empty, command);
        Assert.That(Options("train"), Does.Contain("--all-data").And.Contain("--steps"));
        Assert.That(CommandLine.Succeed("predict", "--help"), Does.Contain("csv, jsonl"));
    }

    private static string[] Options(string command) =>
        [.. Regex.Matches(CommandLine.Succeed(command, "--help"), "(?<= )--[a-z0-9-]+").Select(match => match.Value).Distinct()
            .Except(["--help", "--version"])];

    private static readonly string[] Species = ["setosa", "\"virginica, the last\""];

    private string[] TuneFlowers =>
    [
        "tune", "--data", folder.File("flowers.csv"), "--hidden", "5", "--activation", "relu", "--steps", "6", "--batch-size", "4",
        "--seed", "7", "--meta-steps", "2", "--learning-rate", "0.2", "--out", folder.File("results"),
    ];

    private string Tune()
    {
        string flowers = folder.Write("flowers.csv", "length,width,species\n" + string.Concat(Enumerable.Range(0, 32).Select(i =>
            FormattableString.Invariant($"{i % 2 * 4 + i * 7 % 5 * 0.3},{i * i % 7},{Species[i % 2]}\n"))));
        CommandLine.Succeed(TuneFlowers);
        return flowers;
    }

    private string Train(string data, params string[] more) => CommandLine.Succeed(
        ["train", "--start", folder.File("results/hyperparameters.json"), "--data", data, "--out", folder.File("model"), .. more]);
}
