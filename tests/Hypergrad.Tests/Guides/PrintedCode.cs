using System.Text.RegularExpressions;

namespace Hypergrad.Tests.Guides;

/// <summary>The C# that a guide prints stands, line by line, in a file of the tests, which is compiled and run.</summary>
internal static class PrintedCode
{
    /// <summary>Each block of C# of a page is in one of the sources of a folder of the tests, indented as it is there.</summary>
    public static void AssertIsIn(string page, string folder)
    {
        string text = File.ReadAllText(SourceTree.File(page)).ReplaceLineEndings("\n");
        string[] blocks = [.. Regex.Matches(text, "^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)
            .Select(match => Unindented(match.Groups[1].Value))];
        string[] sources = [.. Directory.GetFiles(SourceTree.File("tests", "Hypergrad.Tests", folder), "*.cs")
            .Select(file => Unindented(File.ReadAllText(file)))];
        Assert.That(blocks, Is.Not.Empty, page);
        Assert.That(sources, Is.Not.Empty, folder);
        using (Assert.EnterMultipleScope())
            foreach (string block in blocks)
                Assert.That(sources.Any(source => source.Contains(block, StringComparison.Ordinal)), Is.True, $"{page} prints:\n{block}");
    }

    private static string Unindented(string code) => string.Join('\n',
        code.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
}
