using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Hypergrad.Tests.Documents;

/// <summary>A Markdown file of the repository: where its links lead, and where links may lead in it.</summary>
/// <param name="path">The full path.</param>
internal sealed class MarkdownFile(string path)
{
    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).Build();

    private readonly MarkdownDocument document = Markdown.Parse(File.ReadAllText(path), Pipeline);

    /// <summary>The targets of all links and images, as they are written.</summary>
    public IEnumerable<string> Links => document.Descendants<LinkInline>().Select(link => link.Url ?? "")
        .Concat(document.Descendants<AutolinkInline>().Where(link => !link.IsEmail).Select(link => link.Url));

    /// <summary>The names of its headings, as links have them behind #.</summary>
    public IEnumerable<string> Anchors => document.Descendants<HeadingBlock>().Select(heading => heading.GetAttributes().Id ?? "");

    /// <summary>All Markdown files of the repository that are not built.</summary>
    public static string[] All()
    {
        string root = SourceTree.File("");
        return [.. Directory.EnumerateFiles(root, "*.md", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(file => !Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar)[..^1]
                .Any(part => part is "artifacts" or "bin" or "obj" or ".git" or "node_modules" or "hypergrad-out"))];
    }
}
