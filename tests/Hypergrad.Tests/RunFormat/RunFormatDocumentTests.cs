using System.Text.Json;
using System.Text.RegularExpressions;
using Hypergrad.Tests.Cli;

namespace Hypergrad.Tests.RunFormat;

/// <summary>The runs that docs/run-format.md prints are runs, and their hypergradients are those that it prints beside them.</summary>
[TestFixture]
public sealed partial class RunFormatDocumentTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void EveryRunPrinted_HasTheGradientPrinted()
    {
        string document = File.ReadAllText(SourceTree.File("docs/run-format.md")).ReplaceLineEndings("\n");
        string[] runs = [.. Blocks().Matches(document).Select(block => block.Groups[1].Value)
            .Where(block => block.Contains("\"batches\"", StringComparison.Ordinal))];
        Assert.That(runs, Has.Length.EqualTo(2), "one of each format");
        foreach (string run in runs)
            foreach (string method in new[] { "stored", "reversible" })
            {
                using var result = JsonDocument.Parse(CommandLine.Succeed("gradient", folder.Write("run.json", run), "--method", method));
                using var printed = JsonDocument.Parse(run);
                foreach (var part in printed.RootElement.GetProperty("expected").GetProperty("gradient").EnumerateObject())
                    Close.Assert(JsonNumbers.Of(result.RootElement.GetProperty("gradient").GetProperty(part.Name)),
                        JsonNumbers.Of(part.Value), 1e-6, part.Name);
            }
    }

    [GeneratedRegex("^```json\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
