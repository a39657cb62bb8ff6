using Hypergrad.Experiments.Running;

namespace Hypergrad.Tests.Experiments;

/// <summary>The command of the experiments: its subcommands, its options and its refusals.</summary>
[TestFixture]
public sealed class ExperimentProgramTests
{
    [Test]
    public void Help_NamesEveryExperimentAndOption()
    {
        string help = Run("--help").Output;
        foreach (var experiment in ExperimentCatalogue.All)
            Assert.That(help, Does.Contain(experiment.Name));
        Assert.That(help, Does.Contain("all"));
        string one = Run("field", "--help").Output;
        foreach (string option in new[] { "--full", "--tiny", "--seed", "--out", "--data", "--alphabets", "--markdown" })
            Assert.That(one, Does.Contain(option));
    }

    [Test]
    public void Experiment_WritesItsPageAndItsMarkdown()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = Run(
            "field", "--tiny", "--seed", "3", "--out", folder.File("pages"), "--markdown", folder.File("markdown"));
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("holds: "));
        Assert.That(File.ReadAllText(folder.File("pages/field.html")), Does.Contain("--seed 3"));
        Assert.That(File.ReadAllText(folder.File("markdown/field.md")), Does.Contain("![The field](field-1.svg)"));
        Assert.That(File.Exists(folder.File("markdown/field-1.svg")), Is.True);
    }

    [Test]
    public void Index_LeadsToEveryPage()
    {
        using var folder = new TemporaryFolder();
        var two = ExperimentCatalogue.All.Where(experiment => experiment.Name is "field" or "pixel-penalties").ToArray();
        new ExperimentRunner(new(Size.Tiny, 1, null, TextWriter.Null), (folder.File("pages"), folder.File("markdown")), ["all", "--tiny"]).Run(two);
        string index = File.ReadAllText(folder.File("pages/index.html")), markdown = File.ReadAllText(folder.File("markdown/README.md"));
        foreach (var experiment in two)
        {
            Assert.That(index, Does.Contain($"href=\"{experiment.Name}.html\""));
            Assert.That(markdown, Does.Contain($"({experiment.Name}.md)"));
            Assert.That(File.ReadAllText(folder.File($"markdown/{experiment.Name}.md")),
                Does.Contain($"./build.sh experiments {experiment.Name} --tiny |"));
        }
        Assert.That(markdown, Does.Contain("Hypergradients point where the loss on the grid falls. | yes | "));
        Assert.That(markdown, Does.Contain("| random search of one penalty | test loss (nats) | "));
    }

    [Test]
    public void Draw_MakesTheSamePagesAgainWithoutARun()
    {
        using var folder = new TemporaryFolder();
        string[] places = ["--out", folder.File("pages"), "--markdown", folder.File("markdown")];
        Run(["field", "--tiny", .. places]);
        string page = File.ReadAllText(folder.File("pages/field.html")), markdown = File.ReadAllText(folder.File("markdown/field.md"));
        string picture = File.ReadAllText(folder.File("markdown/field-1.svg"));
        Directory.Delete(folder.File("markdown"), recursive: true);
        File.Delete(folder.File("pages/field.html"));
        Assert.That(Run(["draw", .. places]), Is.EqualTo((0, "", "")));
        Assert.That(File.ReadAllText(folder.File("pages/field.html")), Is.EqualTo(page));
        Assert.That(File.ReadAllText(folder.File("markdown/field.md")), Is.EqualTo(markdown));
        Assert.That(File.ReadAllText(folder.File("markdown/field-1.svg")), Is.EqualTo(picture));
        Assert.That(File.ReadAllText(folder.File("markdown/README.md")), Does.Contain("(field.md)"));
    }

    [Test]
    public void DrawWithoutARun_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Refuse(2, "has no run to draw; run an experiment with this --out first.", "draw", "--out", folder.Path);
    }

    [TestCase("{")]
    [TestCase("{}")]
    [TestCase("[1]")]
    public void DrawOfAnotherFile_IsRefused(string text)
    {
        using var folder = new TemporaryFolder();
        folder.Write("field.json", text);
        Refuse(3, "is no page that this version wrote; run the experiment field again.", "draw", "--out", folder.Path);
    }

    [Test]
    public void FullAndTiny_ExcludeEachOther() =>
        Refuse(2, "--full and --tiny exclude each other; give one of them.", "field", "--full", "--tiny");

    [Test]
    public void UnknownExperiment_IsRefused() => Refuse(2, "See experiments --help.", "fields");

    [Test]
    public void SeedThatIsNoNumber_IsRefused() => Refuse(2, "--seed", "field", "--seed", "x");

    [Test]
    public void MissingData_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Refuse(3, "there is no such folder", "field", "--tiny", "--data", folder.File("nowhere"), "--out", folder.File("pages"));
    }

    [Test]
    public void MissingAlphabets_AreRefused()
    {
        using var folder = new TemporaryFolder();
        Refuse(3, "there is no such folder; give --alphabets one", "task-sharing", "--tiny", "--alphabets", folder.File("nowhere"),
            "--out", folder.File("pages"));
        Directory.CreateDirectory(folder.File("alphabets/one/character"));
        Refuse(3, "it has 1 folders and the experiment takes 2 alphabets", "task-sharing", "--tiny",
            "--alphabets", folder.File("alphabets"), "--out", folder.File("pages"));
    }

    [Test]
    public void PlaceThatIsAFile_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Refuse(2, "Choose another --out.", "field", "--tiny", "--out", folder.Write("pages", ""));
    }

    private static void Refuse(int code, string message, params string[] arguments)
    {
        var run = Run(arguments);
        Assert.That(run.Code, Is.EqualTo(code));
        Assert.That(run.Error, Does.Contain(message).And.StartsWith("experiments: "));
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        int code = ExperimentProgram.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
