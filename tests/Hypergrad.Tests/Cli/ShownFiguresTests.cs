using System.Text.Json;

namespace Hypergrad.Tests.Cli;

/// <summary>Figures that say all that belongs to them.</summary>
[TestFixture]
public sealed class ShownFiguresTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void ThousandsOfExampleWeights_AreShownByTheirSpread()
    {
        CommandLine.Succeed("tune", "--examples", "2120", "--split", "2100,10,10", "--hidden", "4", "--steps", "3", "--meta-steps", "1",
            "--tune", "example-weights:all", "learning-rate:all", "--out", folder.Path);
        string report = File.ReadAllText(folder.File("report.html"));
        Assert.That(report, Does.Contain("How the 2,100 values are spread. Bars: after tuning. Dashed line: before, when all were alike. "
            + "hyperparameters.json has each of them."));
        Assert.That(report, Does.Match("<caption>Lowest</caption>.*?<th scope=\"row\">example [0-9]+, class [0-9]</th><td>1</td>"));
        Assert.That(report, Does.Match("mean of [0-9]</th>"));
        Assert.That(report, Does
            .Match("<th scope=\"row\">median</th><td>1</td><td>[0-9.]+</td>")
            .And.Match("<th scope=\"row\">highest</th><td>1</td><td>1[0-9.]*</td>"));
    }

    [Test]
    public void StoredBits_ComeWithTheResidentOnes_WhereverTheyAreShown()
    {
        Assert.That(CommandLine.Succeed([.. CommandLine.Quick, "--out", folder.Path]), Does.Match(
            "Every training was reversed to the bit\\. The memory for it: [0-9.]+ bits for each weight and step, where keeping every weight would "
            + "take 32, and 16 bits for each weight once\\."));
        Assert.That(File.ReadAllText(folder.File("report.html")), Does.Match(
            "<dd>[0-9.]+ bits for each weight and step, where keeping every weight would take 32, and 16 bits for each weight once</dd>"));
        using var result = JsonDocument.Parse(File.ReadAllText(folder.File("result.json")));
        Assert.That(result.RootElement.GetProperty("metaSteps")[0].GetProperty("residentBitsPerWeight").GetInt32(), Is.EqualTo(16));
        Assert.That(result.RootElement.GetProperty("metaSteps")[2].TryGetProperty("residentBitsPerWeight", out _), Is.False, "of the last none is reversed");
    }
}
