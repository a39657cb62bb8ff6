using System.Text.RegularExpressions;
using Hypergrad.Experiments.Running;

namespace Hypergrad.Tests.Experiments;

/// <summary>The pages that the documentation keeps: every experiment has one, with its pictures and a command that a reader can type.</summary>
[TestFixture]
public sealed class KeptPagesTests
{
    private static string[] All() => [.. ExperimentCatalogue.All.Select(experiment => experiment.Name)];

    [TestCaseSource(nameof(All))]
    public void Experiment_HasItsPageWithPictures(string name)
    {
        string page = Read(name + ".md");
        string[] pictures = [.. Regex.Matches(page, @"\]\(([^)]*\.svg)\)").Select(match => match.Groups[1].Value)];
        Assert.That(pictures, Is.Not.Empty);
        foreach (string picture in pictures)
            Assert.That(Read(picture), Does.StartWith("<svg ").And.Contain("prefers-color-scheme: dark"));
        Assert.That(page, Does.Contain("**What the source found.**").And.Contain("**What we found.**").And.Contain("| Machine | "));
        Assert.That(page, Does.Not.Contain("NaN"));
    }

    [TestCaseSource(nameof(All))]
    public void Command_RunsThisExperimentOnFoldersOfTheReader(string name)
    {
        string command = Regex.Match(Read(name + ".md"), @"\| Command \| (.*) \|").Groups[1].Value;
        Assert.That(command, Does.StartWith($"./build.sh experiments {name}"));
        Assert.That(command, Does.Not.Contain("../").And.Not.Contain(" /"));
    }

    [TestCaseSource(nameof(All))]
    public void Index_HasTheExperimentAndItsStatements(string name)
    {
        string index = Read("README.md");
        Assert.That(index, Does.Contain($"[{name}]({name}.md)"));
        foreach (Match statement in Regex.Matches(Read(name + ".md"), @"^- \*\*(?:Holds|Differs)\*\*: (.*?\.) ", RegexOptions.Multiline))
            Assert.That(index, Does.Contain($"| [{name}]({name}.md) | {statement.Groups[1].Value} "));
    }

    private static string Read(string file) => File.ReadAllText(SourceTree.File("docs", "experiments", file));
}
