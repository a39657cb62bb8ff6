using Hypergrad.Data;
using Hypergrad.Models;
using Hypergrad.Networks;

namespace Hypergrad.Tests.Models;

[TestFixture]
public sealed class PredictionInputsTests
{
    private static readonly Network Network = Network.Mlp([2, 2]);

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase("a,b,kind\n1,2,x\n3,4,y\n")]
    [TestCase("a,b,kind\n1,2,7\n3,4,8\n")]
    [TestCase("a,b\n1,2\n3,4\n")]
    [TestCase("1,2\n3,4\n")]
    public void CsvFile_NeedsNoTargets(string text) => Close.AssertSame(
        PredictionInputs.Read(folder.Write("x.csv", text), Network, new()).ToArray(), [1, 2, 3, 4], "inputs");

    [Test]
    public void IdxFileOfImages_NeedsNoLabels_AndLabelsAreNoImages()
    {
        string images = folder.Write("images", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 51, 102, 255]);
        Close.AssertWithin(PredictionInputs.Read(images, Network, new()).ToArray(), [0, 0.2, 0.4, 1], 1e-7, "inputs");
        string labels = folder.Write("labels", [0, 0, 8, 1, 0, 0, 0, 1, 5]);
        Refusals.Data(() => PredictionInputs.Read(labels, Network, new()),
            $"{labels}: images have 2 dimensions or more, [count × height × width]; this file has 1, as labels have.");
    }

    [Test]
    public void BadNumber_IsRefused_WhereItStands() =>
        Assert.That(() => PredictionInputs.Read(
                folder.Write("x.csv", "a,b\n1,2\n3,four\n"), Network, new() { Task = LearningTask.Regression }),
            Throws.TypeOf<DataException>().With.Message.Contains("x.csv:3:3"));
}
