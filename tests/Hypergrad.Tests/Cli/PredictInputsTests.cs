using Hypergrad.Cli;
using Hypergrad.Tests.Data;

namespace Hypergrad.Tests.Cli;

/// <summary>hypergrad predict: what is to be predicted by its name alone, and as an array.</summary>
[TestFixture]
public sealed class PredictInputsTests
{
    private TemporaryFolder folder = null!;
    private string table = null!, model = null!;

    [OneTimeSetUp]
    public void MakeModel()
    {
        folder = new TemporaryFolder();
        (table, model) = TableModel.Make(folder);
    }

    [OneTimeTearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void ArrayOfInputs_IsPredictedAsTheTableIs()
    {
        float[] numbers = [.. Enumerable.Range(0, TableModel.Rows).SelectMany(row => new[] { TableModel.Row(row).A, TableModel.Row(row).B })];
        string array = folder.Write("inputs.npy", NpyBytes.File("<f4", $"({TableModel.Rows}, 2)", numbers));
        string expected = CommandLine.Succeed("predict", model, "--data", table);
        Assert.That(expected.Split(' '), Has.Length.GreaterThan(TableModel.Rows));
        Assert.That(CommandLine.Succeed("predict", model, array), Is.EqualTo(expected));
        Assert.That(CommandLine.Succeed("predict", model, "--data", array), Is.EqualTo(expected));
        Assert.That(CommandLine.Succeed("predict", model, table), Is.EqualTo(expected));
        Assert.That(CommandLine.Succeed("predict", model, array, "--examples", "3").Trim().Split(' '), Has.Length.EqualTo(4));
    }

    [Test]
    public void BadInputs_AreRefused()
    {
        string three = folder.Write("three.npy", NpyBytes.File<float>("<f4", "(2, 3)", 1, 2, 3, 4, 5, 6));
        CommandLine.Refuse(ExitCode.Data, "3", "predict", model, three);
        CommandLine.Refuse(ExitCode.Data, "this is not an NPY file", "predict", model, folder.Write("text.npy", "1,2\n"));
        CommandLine.Refuse(ExitCode.Data, "has only 2", "predict", model,
            folder.Write("two.npy", NpyBytes.File<float>("<f4", "(2, 2)", 1, 2, 3, 4)), "--examples", "3");
        CommandLine.Refuse(ExitCode.Usage, "name the data once", "predict", model, table, "--data", table);
        CommandLine.Refuse(ExitCode.Usage, "Name the data with --data", "predict", model);
        CommandLine.Refuse(ExitCode.Data, folder.File("none.npy"), "predict", model, folder.File("none.npy"));
    }
}
