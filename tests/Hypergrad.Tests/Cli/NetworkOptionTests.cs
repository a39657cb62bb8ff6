using System.Text.Json;
using Hypergrad.Cli;

namespace Hypergrad.Tests.Cli;

/// <summary><c>tune --network</c>: any layers in one line.</summary>
[TestFixture]
public sealed class NetworkOptionTests
{
    private static readonly string[] Quick =
        ["tune", "--examples", "80", "--steps", "4", "--batch-size", "10", "--meta-steps", "2", "--optimizer", "adamw"];

    private static readonly TestCaseData[] WrongNetworks =
    [
        Wrong("conv 4 3, pool 2, dens 10", "Layer 3: there is no layer \"dens\"; did you mean \"dense\"?"),
        Wrong("conv 4 40, dense 10", "Layer 1 (convolution): "),
        Wrong("conv 4 3, pool 30, dense 10", "Layer 2 (maxPool): "),
        Wrong("conv 4 3, groupNorm 3, dense 10", "Layer 2 (groupNorm): "),
        Wrong("residual (conv 4 3 padding=1), dense 10", "Layer 1 (residual): "),
        Wrong("conv 4 3 tahn, dense 10", "tahn"),
        Wrong("conv, dense 10", "its channels is missing"),
        Wrong("dense 9", "The training targets have 10 numbers and the network"),
        Wrong("conv 4 3, pool 2, (dense 10", "does not close the parenthesis"),
        Wrong("dropout 1.5, dense 10", "Layer 1 (dropout): "),
        Wrong("", "is empty"),
    ];

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase("conv 4 3 relu, pool 2, conv 4 3 stride=2 relu, dense 10")]
    [TestCase("conv 4 5 stride=3, groupNorm 2, activation gelu, residual (conv 4 3 padding=1 relu, conv 4 3 padding=1) relu, globalAveragePool, dense 10")]
    [TestCase("dense 8 tanh, layerNorm, dropout 0.2, dense 10")]
    public void AnyLayers_AreTuned_Reported_AndGoneOnWith(string network)
    {
        string shown = CommandLine.Succeed([.. Quick, "--network", network, "--out", folder.Path]);
        Assert.That(shown, Does.Contain("2 meta-steps in "));
        using var result = JsonDocument.Parse(File.ReadAllText(folder.File("result.json")));
        Assert.That(result.RootElement.GetProperty("configuration").GetProperty("network").GetString(), Does.Contain("dense 10").And.Contain("weights"));
        string page = File.ReadAllText(folder.File("report.html"));
        Assert.That(page.Contains("Filters of the first convolution", StringComparison.Ordinal), Is.EqualTo(network.StartsWith("conv", StringComparison.Ordinal)));
        CommandLine.Succeed([.. Quick, "--network", network, "--out", folder.Path, "--resume"]);
        CommandLine.Succeed("tune", "--examples", "80", "--batch-size", "10", "--meta-steps", "1", "--network", network, "--start", folder.File("hyperparameters.json"));
    }

    [TestCaseSource(nameof(WrongNetworks))]
    public void NetworkThatMakesNoSense_IsNamed(string network, string message) =>
        CommandLine.Refuse(ExitCode.Usage, message, [.. Quick, "--network", network]);

    [Test]
    public void OptionsOfMultiLayerPerceptrons_AreRefusedBesideIt([Values("--hidden", "--layers", "--activation")] string option) =>
        CommandLine.Refuse(ExitCode.Usage, $"{option} belongs to multi-layer perceptrons", [.. Quick, "--network", "dense 10", option, option == "--activation" ? "tanh" : "4"]);

    private static TestCaseData Wrong(string network, string message) => new TestCaseData(network, message).SetArgDisplayNames(network);
}
