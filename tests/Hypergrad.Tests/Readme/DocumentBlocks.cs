using System.Text.RegularExpressions;

namespace Hypergrad.Tests.Readme;

/// <summary>The blocks of code that a document shows.</summary>
/// <param name="document">The document, from the repository's root.</param>
internal sealed partial class DocumentBlocks(string document)
{
    private readonly string text = File.ReadAllText(SourceTree.File(document)).ReplaceLineEndings("\n");

    /// <summary>The languages of all blocks, in order; empty for a block that names none.</summary>
    public string[] Languages => [.. Fences().Matches(text).Select(match => match.Groups[1].Value)];

    /// <summary>The verbs of the build script that the document names.</summary>
    public string[] Verbs => [.. BuildVerbs().Matches(text).Select(match => match.Groups[1].Value).Distinct()];

    /// <summary>All blocks of a language, in order.</summary>
    public string[] Of(string language) =>
        [.. Fences().Matches(text).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value)];

    /// <summary>What a reader types: the lines of all shell blocks, without their comments.</summary>
    public string[] Commands() =>
        [.. Of("sh").SelectMany(block => block.Split('\n')).Select(line => Comment().Replace(line, "").Trim()).Where(line => line.Length > 0)];

    [GeneratedRegex("^```([a-z]*)[ ]*\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"(^|\s)#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\./build\.sh ([a-z-]+)")]
    private static partial Regex BuildVerbs();
}
