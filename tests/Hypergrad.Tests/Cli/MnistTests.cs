using System.Text.Json;

namespace Hypergrad.Tests.Cli;

/// <summary>The main job on real data.</summary>
[TestFixture]
public sealed class MnistTests
{
    [Test]
    public void TwentyMetaSteps_AtLeastHalveTheValidationLoss()
    {
        string data = SharedFolder.Require("data", "mnist");
        using var folder = new TemporaryFolder();
        CommandLine.Succeed("tune", "--data", data, "--meta-steps", "20", "--out", folder.Path);
        using var result = JsonDocument.Parse(File.ReadAllBytes(folder.File("result.json")));
        var steps = result.RootElement.GetProperty("metaSteps");
        double before = steps[0].GetProperty("validationLoss").GetDouble(), after = steps[20].GetProperty("validationLoss").GetDouble();
        Assert.That(after, Is.LessThanOrEqualTo(before / 2), $"from {before} to {after}");
        Assert.That(steps[20].GetProperty("testLoss").GetDouble(), Is.LessThan(steps[0].GetProperty("testLoss").GetDouble()));
    }
}
