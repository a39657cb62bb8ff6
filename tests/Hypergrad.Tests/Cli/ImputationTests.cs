using System.Globalization;
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
        static double Value(int row) => row * row % 101 + (row % 3 == 0 ? 1000 : 0);
        static int Class(int row) => row % 4 == 0 ? 1 : 0;
        string table = folder.Write("table.csv", "x,y,class\n" + string.Concat(Enumerable.Range(0, Rows).Select(row => string.Create(
            CultureInfo.InvariantCulture, $"{(row % 5 == 0 ? "" : Value(row))},{row % 7},{(Class(row) == 1 ? "b" : "a")}\n"))));
        CommandLine.Succeed(["tune", "--data", table, "--missing", "impute", "--hidden", "2", "--steps", "2", "--batch-size", "10",
            "--meta-steps", "1", "--start-search", "0", "--data-seed", "7", "--out", folder.File("tuned"), .. stratified ? ["--stratify"] : (string[])[]]);
        var numbers = new Dataset(new Table([.. Enumerable.Range(0, Rows).Select(row => (double)row)], 1),
            new Table([.. Enumerable.Range(0, Rows).SelectMany(row => new double[] { 1 - Class(row), Class(row) })], 2))
        { ClassNames = ["a", "b"] };
        var training = (stratified ? Split.Stratified(numbers, 0.5, 0.25, 0.25, 7) : numbers.Split(0.5, 0.25, 0.25, 7)).Train.Inputs;
        double[] present = [.. training.ToArray().Select(row => (int)row).Where(row => row % 5 != 0).Select(Value).Order()];
        double median = (present[(present.Length - 1) / 2] + present[present.Length / 2]) / 2;
        double[] all = [.. Enumerable.Range(0, Rows).Where(row => row % 5 != 0).Select(Value).Order()];
        Assert.That(median, Is.Not.EqualTo((all[(all.Length - 1) / 2] + all[all.Length / 2]) / 2), "the case that the test is for");
        Assert.That(TrainedModel.Load(folder.File("tuned/model")).Encoding!.Columns![0].Median, Is.EqualTo(median));
    }
}
