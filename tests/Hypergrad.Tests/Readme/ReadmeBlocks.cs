using System.Text.RegularExpressions;

namespace Hypergrad.Tests.Readme;

/// <summary>The blocks of code that README.md shows.</summary>
internal static partial class ReadmeBlocks
{
    private static readonly Lazy<string> Text = new(() => File.ReadAllText(SourceTree.File("README.md")).ReplaceLineEndings("\n"));

    /// <summary>The languages of all blocks, in order; empty for a block that names none.</summary>
    public static string[] Languages => [.. Fences().Matches(Text.Value).Select(match => match.Groups[1].Value)];

    /// <summary>All blocks of a language, in order.</summary>
    public static string[] Of(string language) =>
        [.. Fences().Matches(Text.Value).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value)];

    /// <summary>What a reader types: the lines of all shell blocks, without their comments.</summary>
    public static string[] Commands() =>
        [.. Of("sh").SelectMany(block => block.Split('\n')).Select(line => Comment().Replace(line, "").Trim()).Where(line => line.Length > 0)];

    [GeneratedRegex("^```([a-z]*)[ ]*\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"(^|\s)#.*$")]
    private static partial Regex Comment();
}
