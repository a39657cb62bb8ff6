using System.Text.RegularExpressions;
using System.Xml.Linq;
using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;

namespace Hypergrad.Tests.Experiments;

/// <summary>The experiments of the papers, in their smallest size, still show what their sources found.</summary>
[TestFixture]
public sealed class ExperimentTests
{
    private static string[] All() => [.. ExperimentCatalogue.All.Select(experiment => experiment.Name)];

    [TestCaseSource(nameof(All))]
    public void Tiny_ShowsWhatItsSourceFound(string name)
    {
        var experiment = ExperimentCatalogue.All.Single(experiment => experiment.Name == name);
        var study = experiment.Run(new(Size.Tiny, Seed: 1, DataFolder: null, TextWriter.Null));
        Assert.That(study.Findings, Is.Not.Empty);
        Assert.That(study.Findings.Where(finding => !finding.Holds && !LargerSizesOnly.Contains(finding.Claim)), Is.Empty);
        Assert.That(study.Findings.Select(finding => finding.Figures), Has.None.Contains("NaN"));
        Assert.That(study.InShort, Is.Not.Empty.And.Not.Contain("NaN").And.Not.Contain("\n"));
        Assert.That(study.Contests.Where(contest => !double.IsFinite(contest.Ours) || !double.IsFinite(contest.Theirs)), Is.Empty);
        AssertIsReadable(new Page(experiment, study, [("Date", "2026-01-01")]));
    }

    // What seconds of training are too few for; the pages of larger sizes say how it is there.
    private static readonly string[] LargerSizesOnly =
    [
        "The schedule starts by taking larger steps in the topmost layer than in the first.",
        "An alphabet and its turned copy share the topmost layer more than other pairs of tasks do.",
        "The learned scale of the first layer's weights is close to 1/√fan-in.",
    ];

    private static void AssertIsReadable(Page page)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("page.html");
        PageWriter.Save(path, page);
        string text = File.ReadAllText(path);
        Assert.That(text, Does.Contain("What the source found").And.Contain("<svg").And.Not.Contain("rgb(1,"));
        Assert.That(Regex.Matches(text, "(?:src|href)=\"(?!data:)"), Is.Empty, "the page loads nothing");
        Assert.That(() => XDocument.Parse(text[text.IndexOf("<html", StringComparison.Ordinal)..]), Throws.Nothing);
        MarkdownWriter.Save(folder.File("markdown"), page);
        Assert.That(Directory.GetFiles(folder.File("markdown"), "*.svg"), Is.Not.Empty);
        foreach (string picture in Directory.GetFiles(folder.File("markdown"), "*.svg"))
            Assert.That(() => XDocument.Load(picture), Throws.Nothing);
    }
}
