using System.Globalization;
using System.Net;
using System.Text.Json;
using Hypergrad.Cli;
using Hypergrad.Data;
using Hypergrad.Models;
using Hypergrad.Tests.Files;

namespace Hypergrad.Tests.Cli;

/// <summary>
/// Categories of a table: those of the training part are learned, and others are nothing, of which is told, or refused, in every command
/// alike.
/// </summary>
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
    public void CategoryOfValidationAlone_IsNothing_AndTold_OrRefusedWithItsLine([Values] bool stratified)
    {
        var (table, line) = TableWithBern(stratified);
        string[] cut = stratified ? ["--stratify"] : [], tune = [.. Tune(table), .. cut], refuse = ["--unknown-categories", "refuse"];
        CommandLine.Refuse(ExitCode.Data, $"table.csv:{line}: column \"town\" holds \"Bern\", which no training example has; those have Oslo, Rome. "
            + "Correct it, leave such rows out, train with examples that have it, or write --unknown-categories zero, which makes all inputs of the "
            + "column 0 there.", [.. tune, .. refuse]);
        const string Told = "validation: \"Bern\" of column \"town\" in 1 example. All inputs of the column are 0 there.";
        Assert.That(CommandLine.Succeed(tune), Does.Contain("3-2-2, tanh").And.Contain($"unknown categories {Told}"));
        Assert.That(Model.Encoding!.Columns![1].Categories, Is.EqualTo(Learned));
        using var result = JsonDocument.Parse(File.ReadAllText(folder.File("tuned/result.json")));
        Assert.That(result.RootElement.GetProperty("configuration").GetProperty("unknown categories").GetString(), Is.EqualTo(Told));
        Assert.That(WebUtility.HtmlDecode(File.ReadAllText(folder.File("tuned/report.html"))),
            Does.Contain($"Categories that no training example has: {Told}"));
        string[] plan = ["plan", .. Tune(table)[1..^2], .. cut];
        Assert.That(CommandLine.Succeed(plan), Does.Contain("reversible"));
        CommandLine.Refuse(ExitCode.Data, "holds \"Bern\"", [.. plan, .. refuse]);
    }

    [Test]
    public void WhereAllAreKnown_NothingIsTold() => Assert.That(
        CommandLine.Succeed(Tune(folder.Write("table.csv", Text(Town)))), Does.Not.Contain("unknown categories"));

    // Those of a column by how many examples have them, and the last ones counted.
    [Test]
    public void ManyOfThem_AreCounted_InEachSourceByItself()
    {
        string table = folder.Write("table.csv", Text(Town));
        string validation = folder.Write("validation.csv", "x,town,class\n1,Lyon,a\n2,Bern,b\n3,Rome,a\n4,Bern,a\n");
        string test = folder.Write("test.csv", "x,town,class\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"{i},T{i},a\n")));
        Assert.That(CommandLine.Succeed([.. Tune(table), "--validation-data", validation, "--test-data", test]), Does.Contain(
            "validation: \"Bern\" of column \"town\" in 2 examples, \"Lyon\" of column \"town\" in 1 example; test: \"T0\" of column \"town\" in 1 example, ")
            .And.Contain("\"T9\" of column \"town\" in 1 example and 2 more. All inputs of the column are 0 there."));
    }

    // What was said in training holds for the model, unless another thing is said where it is used.
    [Test]
    public void Model_DoesAsItsTrainingDid([Values] bool zero)
    {
        var (table, _) = TableWithBern(stratified: false);
        if (!zero)
            table = folder.Write("romans.csv", File.ReadAllText(table).Replace("Bern", "Rome", StringComparison.Ordinal));
        CommandLine.Succeed([.. Tune(table), .. zero ? [] : (string[])["--unknown-categories", "refuse"]]);
        string asked = folder.Write("new.csv", "town,x,class\nRome,1,a\n\nBern,2,b\n"), model = folder.File("tuned/model");
        double expected = Model.Predict(new Table([2.0, 0, 0], 3)).Of(0)[0];
        foreach (string[] command in new string[][] { ["predict", model, asked], ["evaluate", model, "--data", asked] })
        {
            const string Refusal = "new.csv:4: column \"town\" holds \"Bern\", which no training example has; those have Oslo, Rome.";
            CommandLine.Refuse(ExitCode.Data, Refusal, [.. command, .. zero ? ["--unknown-categories", "refuse"] : (string[])[]]);
            const string Told = "Categories that no training example has: \"Bern\" of column \"town\" in 1 example. All inputs of the column are 0 there.";
            string[] accepting = [.. command, .. zero ? [] : (string[])["--unknown-categories", "zero"]];
            var (code, output, error) = CommandLine.Run(accepting);
            bool predicts = command[0] == "predict";
            Assert.That((code, error.Trim()), Is.EqualTo((ExitCode.Success, predicts ? $"hypergrad: {Told}" : "")), "beside predictions, not among them");
            Assert.That(output.Contains(Told, StringComparison.Ordinal), Is.Not.EqualTo(predicts));
            AssertIsSilent([.. accepting, "--quiet", "--log", folder.File(command[0])], folder.File(command[0]), Told);
            if (predicts)
                Assert.That(double.Parse(output.Split('\n')[2].Split(',')[1], CultureInfo.InvariantCulture), Is.EqualTo(expected).Within(1e-6));
        }
    }

    [Test]
    public void Evaluation_TellsOfThem_AsJson()
    {
        CommandLine.Succeed(Tune(folder.Write("table.csv", Text(Town))));
        string asked = folder.Write("new.csv", "town,x,class\nRome,1,a\nBern,2,b\nBern,3,b\n");
        string[] evaluate = ["evaluate", folder.File("tuned/model"), "--data", asked, "--json"];
        using var all = JsonDocument.Parse(CommandLine.Succeed(evaluate));
        var unknown = all.RootElement.GetProperty("unknownCategories").EnumerateArray().Single();
        Assert.That((unknown.GetProperty("column").GetString(), unknown.GetProperty("category").GetString(), unknown.GetProperty("examples").GetInt32()),
            Is.EqualTo(("town", "Bern", 2)));
        using var first = JsonDocument.Parse(CommandLine.Succeed([.. evaluate, "--examples", "1"]));
        Assert.That(first.RootElement.TryGetProperty("unknownCategories", out _), Is.False, "it is not among those that were taken");
    }

    [Test]
    public void Predictions_OfTheFirstExamplesAlone_TellOfTheirCategoriesAlone()
    {
        CommandLine.Succeed(Tune(folder.Write("table.csv", Text(Town))));
        string[] predict = ["predict", folder.File("tuned/model"), folder.Write("new.csv", "town,x\nRome,1\nBern,2\n"), "--examples"];
        Assert.That(CommandLine.Run([.. predict, "1"]).Error, Is.Empty);
        Assert.That(CommandLine.Run([.. predict, "2"]).Error, Does.Contain("\"Bern\" of column \"town\" in 1 example"));
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

    private static void AssertIsSilent(string[] command, string log, string told)
    {
        Assert.That(CommandLine.Run(command).Error, Is.Empty);
        Assert.That(File.ReadAllText(log), Does.Contain(told));
    }

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
