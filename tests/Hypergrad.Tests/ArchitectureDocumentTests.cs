using System.Text.RegularExpressions;

namespace Hypergrad.Tests;

/// <summary>What docs/architecture.md says that a change touches is what it touches: the files that name the thing, in code.</summary>
[TestFixture]
public sealed partial class ArchitectureDocumentTests
{
    private static string Document => File.ReadAllText(SourceTree.File("docs/architecture.md")).ReplaceLineEndings("\n");

    [TestCase("A layer", "GroupNorm")]
    [TestCase("An optimizer", "Nesterov")]
    [TestCase("A quantity", "WeightDecay")]
    public void Change_TouchesTheFilesListed(string heading, string name) =>
        Assert.That(FilesThatName(name), Is.EquivalentTo(Listed(heading, name)));

    // Its users, the layers, are not what adding it touches; the generated bindings have the native name.
    [Test]
    public void Operation_TouchesTheFilesListed() => Assert.That(
        FilesThatName("RowSoftmax").Where(file => !file.StartsWith("src/Hypergrad/Networks/Layers/", StringComparison.Ordinal)),
        Is.EquivalentTo(Listed("An operation", "RowSoftmax").Where(file =>
            file.EndsWith(".cs", StringComparison.Ordinal) && !file.EndsWith(".g.cs", StringComparison.Ordinal))));

    [Test]
    public void EveryFileListed_IsThere()
    {
        string[] files = [.. Lists().Matches(Document)
            .SelectMany(list => list.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Where(line => line.StartsWith("src/", StringComparison.Ordinal) || line.StartsWith("native/", StringComparison.Ordinal))];
        Assert.That(files, Has.Length.GreaterThan(15));
        Assert.That(files.Where(file => !File.Exists(SourceTree.File(file))), Is.Empty);
    }

    // The first list under the heading of the example.
    private static string[] Listed(string heading, string name)
    {
        var section = Regex.Match(
            Document, $"^### {heading}[^\n]*`{name}`\n.*?^```text\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline);
        Assert.That(section.Success, Is.True, $"docs/architecture.md has no list for {name}");
        return section.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string[] FilesThatName(string name)
    {
        string root = SourceTree.File("src");
        return [.. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Where(file => !Built().IsMatch(file))
            .Where(file => Regex.IsMatch(Comments().Replace(File.ReadAllText(file), ""), $@"\b{name}\b"))
            .Select(file => Path.GetRelativePath(Path.GetDirectoryName(root)!, file).Replace('\\', '/'))];
    }

    [GeneratedRegex("^```text\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Lists();

    [GeneratedRegex("//[^\n]*")]
    private static partial Regex Comments();

    [GeneratedRegex(@"[\\/](bin|obj)[\\/]")]
    private static partial Regex Built();
}
