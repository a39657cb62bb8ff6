namespace Hypergrad.Tests.Documents;

/// <summary>Every link of every document leads somewhere.</summary>
[TestFixture]
public sealed class LinkTests
{
    [Test]
    public void EveryLink_LeadsSomewhere()
    {
        string[] files = MarkdownFile.All();
        Assert.That(files, Has.Length.GreaterThan(15));
        string[] broken = [.. files.SelectMany(file =>
            new MarkdownFile(file).Links.Select(link => (Link: link, Fault: FaultOf(link, file))).Where(found => found.Fault is not null)
                .Select(found => $"{Path.GetRelativePath(SourceTree.File(""), file)}: {found.Link}: {found.Fault}"))];
        Assert.That(broken, Is.Empty);
    }

    [TestCase("no-such-file.md", ExpectedResult = "there is no such file")]
    [TestCase("../README.md#no-such-heading", ExpectedResult = "there is no such heading")]
    [TestCase("../README.md#try-it", ExpectedResult = null)]
    [TestCase("#documentation", ExpectedResult = null)]
    [TestCase("http://example.org", ExpectedResult = "not https")]
    [TestCase("", ExpectedResult = "empty")]
    public string? BrokenLink_IsFound(string link) => FaultOf(link, SourceTree.File("docs/README.md"));

    // Pages elsewhere are not asked for: the tests need no network.
    private static string? FaultOf(string link, string file)
    {
        if (link.Length == 0)
            return "empty";
        if (link.Contains("://", StringComparison.Ordinal))
            return Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme == "https" ? null : "not https";
        string[] parts = link.Split('#', 2);
        string target = parts[0].Length == 0 ? file : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, parts[0]));
        if (!File.Exists(target) && !Directory.Exists(target))
            return "there is no such file";
        return parts.Length == 1 || new MarkdownFile(target).Anchors.Contains(parts[1]) ? null : "there is no such heading";
    }
}
