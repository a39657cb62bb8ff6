using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Hypergrad.Cli;

namespace Hypergrad.Tests.Documents;

/// <summary>docs/troubleshooting.md knows every way in which things go wrong.</summary>
[TestFixture]
public sealed class TroubleshootingTests
{
    private static string Document => File.ReadAllText(SourceTree.File("docs/troubleshooting.md"));

    [Test]
    public void EveryExitCode_IsThere_AndNoOther()
    {
        var written = Regex.Matches(Document, @"^\| ([0-9]+) \| ", RegexOptions.Multiline)
            .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        var codes = typeof(ExitCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (int)field.GetRawConstantValue()!);
        Assert.That(written, Is.EqualTo(codes));
    }

    [TestCase("tune", "--resume")]
    [TestCase("train")]
    [TestCase("predict")]
    [TestCase("evaluate")]
    [TestCase("export")]
    public void Interruption_OfEveryCommandThatTakesLong_IsTold(string command, string remedy = "again")
    {
        Assert.That(Document, Does.Match($@"(?m)^\| {ExitCode.Interrupted} \| `OperationCanceledException` \| .*\(#interrupted\) \|$"));
        string section = Regex.Match(Document, @"^## Interrupted$(.*?)^## ", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
        Assert.That(section.Split('\n').Where(line => line.StartsWith('|') && line.Contains($"`{command}", StringComparison.Ordinal)),
            Has.Some.Contains(remedy));
    }

    [Test]
    public void EveryKindOfException_IsThere()
    {
        var kinds = typeof(HypergradException).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(HypergradException)) && !type.IsAbstract).Select(type => type.Name).ToArray();
        Assert.That(kinds, Has.Length.GreaterThan(5));
        string document = Document;
        Assert.That(kinds.Where(kind => !document.Contains($"`{kind}`", StringComparison.Ordinal)), Is.Empty);
    }

    // What it quotes is what the sources say: a message that was reworded is reworded here.
    [TestCase("cannot be reversed")]
    [TestCase("DrMAD takes the velocity for the slope of the weights' path")]
    [TestCase("Every hyperparameter is fixed")]
    [TestCase("The backend")]
    [TestCase("there is no model in it")]
    [TestCase("Training diverged at step")]
    [TestCase("The hypergradient diverged")]
    public void EveryQuotedMessage_IsOneOfTheSources(string message)
    {
        Assert.That(Document, Does.Contain(message));
        Assert.That(Directory.EnumerateFiles(SourceTree.File("src"), "*.cs", SearchOption.AllDirectories)
            .Any(file => File.ReadAllText(file).Contains(message, StringComparison.Ordinal)), Is.True, message);
    }
}
