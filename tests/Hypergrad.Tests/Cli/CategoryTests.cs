using System.Globalization;
using Hypergrad.Cli;
using Hypergrad.Data;
using Hypergrad.Models;
using Hypergrad.Tests.Files;

namespace Hypergrad.Tests.Cli;

/// <summary>Categories of a table: those of the training part are learned, and others are refused or nothing, in every command alike.</summary>
[TestFixture]
public sealed class CategoryTests
{
    private const int Rows = 60, FirstLine = 2;

    private static readonly string[] Learned = ["Oslo", "Rome"];

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void CategoryOfValidationAlone_IsRefusedWithItsLine_OrIsNothing([Values] bool stratified)
    {
        var (table, line) = TableWithBern(stratified);
        string[] cut = stratified ? ["--stratify"] : [], tune = [.. Tune(table), .. cut];
        CommandLine.Refuse(ExitCode.Data, $"table.csv:{line}: column \"town\" holds \"Bern\", which no training example has; those have Oslo, Rome. "
            + "Correct it, leave such rows out, train with examples that have it, or write --unknown-categories zero, which makes all inputs of the "
            + "column 0 there.", tune);
        Assert.That(CommandLine.Succeed([.. tune, "--unknown-categories", "zero"]), Does.Contain("3-2-2, tanh"));
        Assert.That(Model.Encoding!.Columns![1].Categories, Is.EqualTo(Learned));
        Assert.That(CommandLine.Succeed(["plan", .. Tune(table)[1..^2], .. cut, "--unknown-categories", "zero"]), Does.Contain("reversible"));
    }

    // What was said in training holds for the model, unless another thing is said where it is used.
    [Test]
    public void Model_DoesAsItsTrainingDid([Values] bool zero)
    {
        var (table, _) = TableWithBern(stratified: false);
        if (!zero)
            table = folder.Write("romans.csv", File.ReadAllText(table).Replace("Bern", "Rome", StringComparison.Ordinal));
        CommandLine.Succeed([.. Tune(table), .. zero ? ["--unknown-categories", "zero"] : (string[])[]]);
        string asked = folder.Write("new.csv", "town,x,class\nRome,1,a\n\nBern,2,b\n"), model = folder.File("tuned/model");
        double expected = Model.Predict(new Table([2.0, 0, 0], 3)).Of(0)[0];
        foreach (string[] command in new string[][] { ["predict", model, asked], ["evaluate", model, "--data", asked] })
        {
            const string Refusal = "new.csv:4: column \"town\" holds \"Bern\", which no training example has; those have Oslo, Rome.";
            CommandLine.Refuse(ExitCode.Data, Refusal, [.. command, .. zero ? ["--unknown-categories", "refuse"] : (string[])[]]);
            var (code, output, error) = CommandLine.Run([.. command, .. zero ? [] : (string[])["--unknown-categories", "zero"]]);
            Assert.That((code, error), Is.EqualTo((ExitCode.Success, "")));
            if (command[0] == "predict")
                Assert.That(double.Parse(output.Split('\n')[2].Split(',')[1], CultureInfo.InvariantCulture), Is.EqualTo(expected).Within(1e-6));
        }
    }

    [Test]
    public void WholeDataIsLearnedFrom_WhereValidationHasASourceOfItsOwn_WhichIsReadOnce()
    {
        string pipe = SpecialFiles.Pipe(folder.File("pipe"));
        string table = folder.Write("table.csv", Text(row => row == Rows - 1 ? "Bern" : Town(row)));
        var writing = Task.Run(() => File.WriteAllText(pipe, "x,town,class\n1,Bern,a\n2,Rome,b\n"));
        CommandLine.Succeed([.. Tune(table), "--validation-data", pipe]);
        Assert.That(writing.Wait(TimeSpan.FromMinutes(1)));
        Assert.That(Model.Encoding!.Columns![1].Categories, Is.EqualTo((string[])["Bern", .. Learned]));
    }

    [Test]
    public void UnknownWord_IsRefused() => CommandLine.Refuse(ExitCode.Usage, "--unknown-categories: there is no \"zeros\". Did you mean zero?",
        "data", "--data", folder.Write("table.csv", Text(Town)), "--unknown-categories", "zeros");

    private TrainedModel Model => TrainedModel.Load(folder.File("tuned/model"));

    private static string Town(int row) => Learned[row % 2];

    private static bool IsB(int row) => row % 3 == 0;

    private static string Text(Func<int, string> town) => "x,town,class\n" + string.Concat(
        Enumerable.Range(0, Rows).Select(row => $"{row * row % 11},{town(row)},{(IsB(row) ? "b" : "a")}\n"));

    private string[] Tune(string table) =>
    [
        "tune", "--data", table, "--hidden", "2", "--steps", "2", "--batch-size", "10", "--meta-steps", "1", "--start-search", "0", "--data-seed", "7",
        "--out", folder.File("tuned"),
    ];

    /// <summary>A table in which a town stands in an example of the validation part alone, and its line.</summary>
    private (string Path, int Line) TableWithBern(bool stratified)
    {
        var numbers = new Dataset(new Table([.. Enumerable.Range(0, Rows).Select(row => (double)row)], 1),
            new Table([.. Enumerable.Range(0, Rows).SelectMany(row => new double[] { IsB(row) ? 0 : 1, IsB(row) ? 1 : 0 })], 2))
        { ClassNames = ["a", "b"] };
        var parts = stratified ? Split.Stratified(numbers, 0.5, 0.25, 0.25, 7) : numbers.Split(0.5, 0.25, 0.25, 7);
        int chosen = (int)parts.Validation.Inputs[0, 0];
        return (folder.Write("table.csv", Text(row => row == chosen ? "Bern" : Town(row))), FirstLine + chosen);
    }
}
