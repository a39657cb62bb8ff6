using System.Globalization;
using Hypergrad.Cli;
using Hypergrad.Data;
using Hypergrad.Models;

namespace Hypergrad.Tests.Cli;

/// <summary>--missing impute: nothing of validation and test is learned.</summary>
[TestFixture]
public sealed class ImputationTests
{
    private const int Rows = 60;

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Median_IsThatOfTheTrainingPart([Values] bool stratified)
    {
        CommandLine.Succeed([.. Tune(1, "tuned"), .. stratified ? ["--stratify"] : (string[])[]]);
        double[] present = [.. TrainingRows(stratified).Where(row => row % 5 != 0).Select(Value).Order()];
        double median = (present[(present.Length - 1) / 2] + present[present.Length / 2]) / 2;
        double[] all = [.. Enumerable.Range(0, Rows).Where(row => row % 5 != 0).Select(Value).Order()];
        Assert.That(median, Is.Not.EqualTo((all[(all.Length - 1) / 2] + all[all.Length / 2]) / 2), "the case that the test is for");
        Assert.That(Encoding("tuned").Columns![0].Median, Is.EqualTo(median));
    }

    // Medians are no part of the state: they are learned again from the same part, and the tuning ends with the same bits.
    [Test]
    public void Resume_LearnsTheSameMedians_AndGoesOnWithTheSameBits()
    {
        CommandLine.Succeed(Tune(2, "whole"));
        CommandLine.Succeed(Tune(1, "stopped"));
        Assert.That(CommandLine.Succeed([.. Tune(2, "stopped"), "--resume"]), Does.Contain("Going on after meta-step 1."));
        foreach (string file in new[] { "hyperparameters.json", "model/model.safetensors" })
            Assert.That(File.ReadAllBytes(folder.File($"stopped/{file}")), Is.EqualTo(File.ReadAllBytes(folder.File($"whole/{file}"))), file);
        Assert.That(Encoding("stopped").ToJson(), Is.EqualTo(Encoding("whole").ToJson()));
        Assert.That(Encoding("stopped").Columns![0].Median, Is.Not.Null);
    }

    [Test]
    public void Resume_IsRefused_WhereAMedianIsAnother()
    {
        CommandLine.Succeed(Tune(1, "tuned"));
        double median = Encoding("tuned").Columns![0].Median!.Value;
        // Of the numbers of the training part those next to the median are moved, and so is the median.
        WriteTable(row => row % 5 == 0 ? null : Math.Abs(Value(row) - median) < 20 ? Value(row) + 3 : Value(row));
        CommandLine.Refuse(ExitCode.Usage, "holds the state of another tuning", [.. Tune(2), "--out", folder.File("tuned"), "--resume"]);
    }

    private static double Value(int row) => row * row % 101 + (row % 3 == 0 ? 1000 : 0);

    private static int Class(int row) => row % 4 == 0 ? 1 : 0;

    private static int[] TrainingRows(bool stratified)
    {
        var numbers = new Dataset(new Table([.. Enumerable.Range(0, Rows).Select(row => (double)row)], 1),
            new Table([.. Enumerable.Range(0, Rows).SelectMany(row => new double[] { 1 - Class(row), Class(row) })], 2))
        { ClassNames = ["a", "b"] };
        var parts = stratified ? Split.Stratified(numbers, 0.5, 0.25, 0.25, 7) : numbers.Split(0.5, 0.25, 0.25, 7);
        return [.. parts.Train.Inputs.ToArray().Select(row => (int)row)];
    }

    private DataEncoding Encoding(string tuning) => TrainedModel.Load(folder.File($"{tuning}/model")).Encoding!;

    private void WriteTable(Func<int, double?> value) => folder.Write("table.csv", "x,y,class\n" + string.Concat(Enumerable.Range(0, Rows).Select(
        row => string.Create(CultureInfo.InvariantCulture, $"{value(row)},{row % 7},{(Class(row) == 1 ? "b" : "a")}\n"))));

    private string[] Tune(int metaSteps) =>
    [
        "tune", "--data", folder.File("table.csv"), "--missing", "impute", "--hidden", "2", "--steps", "2", "--batch-size", "10",
        "--meta-steps", $"{metaSteps}", "--start-search", "0", "--data-seed", "7",
    ];

    private string[] Tune(int metaSteps, string name)
    {
        WriteTable(row => row % 5 == 0 ? null : Value(row));
        return [.. Tune(metaSteps), "--out", folder.File(name)];
    }
}
