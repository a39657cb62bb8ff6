using System.Text.Json;
using System.Text.Json.Nodes;
using Hypergrad.Backends;
using Hypergrad.Cli;
using Hypergrad.Tests.Hypergradients;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Cli;

[TestFixture]
public sealed class GradientCommandTests
{
    private static readonly string[] Parts =
        ["learningRate", "momentum", "initialWeights", "initialVelocity", "l2", "l1", "inputs", "targets", "exampleWeights"];

    private static readonly string[] Methods = ["reversible", "checkpointed", "stored", "drmad"];

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Result_HasAllFieldsInTheShapesOfTheRun([ValueSource(nameof(Methods))] string method, [Values("single", "double")] string precision)
    {
        var result = Compute(WriteRun(), "--method", method, "--precision", precision);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.GetProperty("method").GetString(), Is.EqualTo(method));
            Assert.That(result.GetProperty("backend").GetString(), Is.EqualTo(Backend.Best().Name));
            Assert.That(result.GetProperty("finalWeights").GetArrayLength(), Is.EqualTo(17));
            Assert.That(result.GetProperty("trainingLosses").GetArrayLength(), Is.EqualTo(3));
            Assert.That(result.GetProperty("validationLoss").GetDouble(), Is.InRange(0.3, 1.5));
            var gradient = result.GetProperty("gradient");
            Assert.That(gradient.EnumerateObject().Select(part => part.Name), Is.EqualTo(Parts));
            Assert.That(gradient.EnumerateObject().Select(part => Shape(part.Value)), Is.EqualTo(new[]
            {
                (3, 4), (3, 4), (17, 0), (17, 0), (17, 0), (17, 0), (4, 2), (4, 2), (4, 0),
            }));
            Assert.That(result.TryGetProperty("reversal", out var reversal), Is.EqualTo(method == "reversible"));
            if (method == "reversible")
                Assert.That(reversal.EnumerateObject().Select(field => (field.Name, field.Value.ValueKind)), Is.EqualTo(new[]
                {
                    ("exact", JsonValueKind.True), ("landmarksSet", JsonValueKind.Number), ("landmarksMet", JsonValueKind.Number),
                    ("startMet", JsonValueKind.True), ("bitsPerWeightStep", JsonValueKind.Number), ("entropyBitsPerWeightStep", JsonValueKind.Number),
                    ("residentBitsPerWeight", JsonValueKind.Number),
                }));
        }
    }

    [Test]
    public void ExactMethods_Agree()
    {
        string file = WriteRun();
        var stored = Compute(file, "--method", "stored").GetProperty("gradient");
        foreach (string method in new[] { "reversible", "checkpointed" })
            AssertClose(Compute(file, "--method", method).GetProperty("gradient"), stored, 1e-9);
        AssertClose(Compute(file, "--method", "reversible", "--precision", "single").GetProperty("gradient"), stored, 2e-3);
    }

    [Test]
    public void Defaults_AreReversibleAndDouble()
    {
        string file = WriteRun();
        Assert.That(Compute(file).GetRawText(), Is.EqualTo(Compute(file, "--method", "reversible", "--precision", "double").GetRawText()));
    }

    [Test]
    public void MethodOptions_ChangeNothingOfAnExactGradient_AndSomethingOfDrMads()
    {
        string file = WriteRun();
        string[] managed = ["--method", "checkpointed", "--backend", "managed"];
        string checkpointed = Compute(file, [.. managed, "--snapshots", "1"]).GetRawText();
        Assert.That(Compute(file, [.. managed, "--snapshots", "2", "--threads", "1"]).GetRawText(), Is.EqualTo(checkpointed));
        Assert.That(Compute(file, [.. managed, "--memory-budget", "1000000"]).GetRawText(), Is.EqualTo(checkpointed));
        string reversible = Compute(file, "--backend", "managed").GetRawText();
        Assert.That(Compute(file, "--backend", "managed", "--memory-budget", "1000000").GetRawText(), Is.EqualTo(reversible));
        string line = Compute(file, "--method", "drmad").GetProperty("gradient").GetRawText();
        Assert.That(Compute(file, "--method", "drmad", "--knots", "3").GetProperty("gradient").GetRawText(), Is.Not.EqualTo(line));
        Assert.That(Compute(file, "--method", "drmad", "--reverse-steps", "2").GetProperty("gradient").GetRawText(), Is.Not.EqualTo(line));
    }

    [Test]
    public void OutFile_HoldsWhatTheStandardOutputWould_AndItsFolderNothingElse()
    {
        string file = WriteRun(), target = folder.File("a/b/result.json");
        Assert.That(CommandLine.Succeed("gradient", file, "--out", target), Is.Empty);
        Assert.That(File.ReadAllText(target), Is.EqualTo(Compute(file).GetRawText()));
        Assert.That(Directory.EnumerateFileSystemEntries(folder.File("a/b")), Is.EqualTo(new[] { target }));
    }

    [Test]
    public void Compare_SaysHowFarOffDrMadIs()
    {
        string file = WriteRun();
        var accuracy = Compute(file, "--method", "drmad", "--compare").GetProperty("accuracy");
        Assert.That(accuracy.EnumerateObject().Select(part => part.Name), Is.EquivalentTo(Parts));
        double[] exact = JsonNumbers.Of(Compute(file).GetProperty("gradient").GetProperty("momentum"));
        double[] drMad = JsonNumbers.Of(Compute(file, "--method", "drmad").GetProperty("gradient").GetProperty("momentum"));
        double cosine = exact.Zip(drMad, (e, d) => e * d).Sum() / Math.Sqrt(exact.Sum(e => e * e) * drMad.Sum(d => d * d));
        double error = Math.Sqrt(exact.Zip(drMad, (e, d) => (e - d) * (e - d)).Sum() / exact.Sum(e => e * e));
        Assert.That(accuracy.GetProperty("momentum").GetProperty("cosine").GetDouble(), Is.EqualTo(cosine).Within(1e-6));
        Assert.That(accuracy.GetProperty("momentum").GetProperty("relativeError").GetDouble(), Is.EqualTo(error).Within(1e-6));
        CommandLine.Refuse(ExitCode.Usage, "--compare belongs to --method drmad; the other methods are exact.", "gradient", file, "--compare");
    }

    [TestCaseSource(typeof(GoldenRuns), nameof(GoldenRuns.Names))]
    public void GoldenRun_MeetsItsReference(string name)
    {
        var golden = GoldenRuns.Read(name);
        bool isNesterov = name.EndsWith("nesterov", StringComparison.Ordinal), isAdamW = name.Contains("adam", StringComparison.Ordinal);
        foreach (string method in Methods)
            foreach (var (precision, tolerance) in new[] { ("double", isAdamW && method == "reversible" ? 1e-4 : 1e-6), ("single", 5e-3) })
            {
                string[] command = ["gradient", GoldenRuns.PathOf(name), "--method", method, "--precision", precision];
                if (isNesterov && method == "reversible")
                    CommandLine.Refuse(ExitCode.Usage, "The optimizer nesterov cannot be reversed: ", command);
                else if (method != "drmad" || golden.TryGetProperty("expectedDrmad", out _))
                    AssertClose(Compute(command[1], command[2..]).GetProperty("gradient"),
                        golden.GetProperty(method == "drmad" ? "expectedDrmad" : "expected").GetProperty("gradient"), tolerance);
                else if (isNesterov || isAdamW)
                    CommandLine.Refuse(ExitCode.Usage, "DrMAD takes the velocity for the slope of the weights' path", command);
            }
    }

    [Test]
    public void Diverging_HasItsOwnExitCode_AndWritesNothing()
    {
        var run = ExplicitRuns.Small();
        run["learningRate"] = JsonNode.Parse("[[1e12,1,1,1],[1,1,1,1],[1,1,1,1]]");
        string file = folder.Write("run.json", run.ToJsonString());
        CommandLine.Refuse(ExitCode.Diverged, "Training diverged at step 0 in W1: ", "gradient", file, "--out", folder.File("result.json"));
        Assert.That(File.Exists(folder.File("result.json")), Is.False);
    }

    [Test]
    public void DivergingOnTheWayBack_HasTheSameExitCode_AndWritesNothing([Values("single", "double")] string precision)
    {
        string file = folder.Write("run.json", RunFile.Of(ExplodingAdjoint.Run(400)).ToJsonString());
        CommandLine.Refuse(ExitCode.Diverged, "The hypergradient diverged by step ", "gradient", file, "--precision", precision, "--out", folder.File("result.json"));
        Assert.That(File.Exists(folder.File("result.json")), Is.False);
    }

    private string WriteRun() => folder.Write("run.json", ExplicitRuns.Small().ToJsonString());

    private static JsonElement Compute(string file, params string[] options)
    {
        using var document = JsonDocument.Parse(CommandLine.Succeed(["gradient", file, .. options]));
        return document.RootElement.Clone();
    }

    private static (int, int) Shape(JsonElement array) =>
        (array.GetArrayLength(), array[0].ValueKind == JsonValueKind.Array ? array.EnumerateArray().Select(row => row.GetArrayLength()).Distinct().Single() : 0);

    private static void AssertClose(JsonElement actual, JsonElement expected, double tolerance)
    {
        string[] parts = [.. expected.EnumerateObject().Select(part => part.Name)];
        Assert.That(parts, Has.Length.GreaterThan(5));
        foreach (string part in parts)
            Close.Assert(JsonNumbers.Of(actual.GetProperty(part)), JsonNumbers.Of(expected.GetProperty(part)), tolerance, part);
    }
}
