using System.Text.Json;
using Hypergrad.Tests.Data;

namespace Hypergrad.Tests.Cli;

/// <summary>The main job on a folder of images.</summary>
[TestFixture]
public sealed class ImageFolderTests
{
    [Test]
    public void TwentyMetaSteps_OnGeneratedDigits_AtLeastHalveTheValidationLoss()
    {
        using var data = new TemporaryFolder();
        MnistFolder.Write(data, 1_000);
        AssertHalvesTheValidationLoss(data.Path);
    }

    [Test]
    public void TwentyMetaSteps_OnMnist_AtLeastHalveTheValidationLoss() => AssertHalvesTheValidationLoss(MnistFolder.RequireReal());

    private static void AssertHalvesTheValidationLoss(string data)
    {
        using var folder = new TemporaryFolder();
        CommandLine.Succeed("tune", "--data", data, "--meta-steps", "20", "--start-search", "0", "--out", folder.Path);
        using var result = JsonDocument.Parse(File.ReadAllBytes(folder.File("result.json")));
        var steps = result.RootElement.GetProperty("metaSteps");
        double before = steps[0].GetProperty("validationLoss").GetDouble(), after = steps[20].GetProperty("validationLoss").GetDouble();
        Assert.That(after, Is.LessThanOrEqualTo(before / 2), $"from {before} to {after}");
        Assert.That(steps[20].GetProperty("testLoss").GetDouble(), Is.LessThan(steps[0].GetProperty("testLoss").GetDouble()));
    }
}
