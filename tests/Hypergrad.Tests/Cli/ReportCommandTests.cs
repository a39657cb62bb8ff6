using System.Text.Json.Nodes;
using System.Xml.Linq;
using Hypergrad.Cli;
using Hypergrad.Cli.Output;
using Hypergrad.Cli.Reporting;
using Hypergrad.Tests.Cli.Reporting;

namespace Hypergrad.Tests.Cli;

/// <summary>hypergrad report.</summary>
[TestFixture]
public sealed class ReportCommandTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void OneFolder_GetsItsReportAgain_ToTheByte()
    {
        CommandLine.Succeed([.. CommandLine.Quick, "--out", folder.Path]);
        byte[] first = File.ReadAllBytes(folder.File("report.html"));
        File.Delete(folder.File("report.html"));
        Assert.That(CommandLine.Succeed("report", folder.Path), Is.EqualTo($"Written: {folder.File("report.html")}. "));
        Assert.That(File.ReadAllBytes(folder.File("report.html")), Is.EqualTo(first));
    }

    [Test]
    public void SeveralFolders_AreComparedOnOnePage()
    {
        string[] names = ["first", "second", "third"];
        foreach (string name in names)
            CommandLine.Succeed([.. CommandLine.Quick, "--seed", $"{Array.IndexOf(names, name) + 1}", "--out", folder.File(name)]);
        string page = folder.File("side.html");
        CommandLine.Succeed(["report", .. names.Select(folder.File), "--out", page]);
        var html = XDocument.Load(page);
        string[] headings = [.. Named(html, "h2").Select(heading => heading.Value)];
        Assert.That(headings, Is.EqualTo(new[] { "Figures", "Validation loss", "Test loss", "Learning curves", "Learned schedules", "Settings" }));
        var figures = Named(html, "table").First(table => table.Attribute("class")!.Value == "numbers comparison");
        Assert.That(Named(figures, "th").Take(4).Select(cell => cell.Value), Is.EqualTo((string[])["figure", .. names]));
        var losses = names.Select(name => ReportFile.Read(folder.File(name)).Headlines[0].After.Value).ToArray();
        string[] row = [.. Named(figures, "tr").ElementAt(1).Elements().Skip(1).Select(cell => cell.Value)];
        Assert.That(row[Array.IndexOf(losses, losses.Min())], Does.StartWith("★"));
        Assert.That(row.Count(cell => cell.StartsWith('★')), Is.EqualTo(1));
        // Once for wide pages, once for narrow ones, and in the legend.
        foreach (string style in new[] { "line first", "line second", "line third" })
            Assert.That(Named(html, "path").Count(path => path.Attribute("class")?.Value == style), Is.EqualTo(3 * 5), style);
        Assert.That(Named(html, "tr").First(line => line.Attribute("class")?.Value == "different").Value, Does.StartWith("command line"));
        Assert.That(Named(html, "span").Count(span => span.Attribute("class")?.Value == "option" && span.Value == "--out"), Is.EqualTo(names.Length));
    }

    [Test]
    public void LossesInSeveralUnits_HaveAChartEach_NamedByTheUnit()
    {
        WriteReport("classes");
        WriteReport("numbers", SampleReports.Typical() with { LossUnit = "squared units of the target" });
        CommandLine.Succeed("report", folder.File("classes"), folder.File("numbers"), "--out", folder.File("x.html"));
        var validation = Named(XDocument.Load(folder.File("x.html")), "section").Single(part => part.Attribute("id")?.Value == "validation");
        Assert.That(Named(validation, "h3").Select(heading => heading.Value), Is.EqualTo(new[] { "in nats", "in squared units of the target" }));
    }

    [Test]
    public void FoldersOfOneName_AreToldApartByThoseAroundThem()
    {
        foreach (string name in new[] { "a/results", "b/results" })
            WriteReport(name);
        CommandLine.Succeed("report", folder.File("a/results"), folder.File("b/results"), "--out", folder.File("x.html"));
        Assert.That(File.ReadAllText(folder.File("x.html")), Does.Contain("a/results, b/results"));
    }

    [Test]
    public void BadFolders_AreRefused()
    {
        WriteReport("good");
        Directory.CreateDirectory(folder.File("empty"));
        string good = folder.File("good");
        CommandLine.Refuse(ExitCode.Data, $"There is no folder {folder.File("none")}.", "report", folder.File("none"));
        CommandLine.Refuse(ExitCode.Data, "has no report.json: no tuning by this version has finished in it.", "report", good, folder.File("empty"));
        CommandLine.Refuse(ExitCode.Usage, "is named twice; name it once.", "report", good, good + "/");
        CommandLine.Refuse(ExitCode.Usage, "9 folders; at most 8 are told apart on one page. Name fewer.",
            ["report", .. Enumerable.Range(0, 9).Select(i => $"{i}")]);
        CommandLine.Refuse(ExitCode.Usage, "is a folder; name a file.", "report", good, "--out", good);
        CommandLine.Refuse(ExitCode.Usage, "Required argument 'folders' missing", "report");
    }

    [TestCase("{", "is damaged")]
    [TestCase("{\"format\":\"hypergrad report 0\",\"report\":null}", "is damaged")]
    [TestCase("{\"format\":\"hypergrad report 1\",\"report\":{\"title\":\"t\"}}", "is damaged")]
    public void DamagedReports_AreRefused(string content, string message)
    {
        folder.Write("report.json", content);
        CommandLine.Refuse(ExitCode.Data, message, "report", folder.Path);
    }

    [Test]
    public void ReportsOfAnotherFormat_AreRefused()
    {
        WriteReport("old");
        var content = JsonNode.Parse(File.ReadAllText(folder.File("old/report.json")))!;
        content["format"] = "hypergrad report 99";
        File.WriteAllText(folder.File("old/report.json"), content.ToJsonString());
        CommandLine.Refuse(ExitCode.Data, "is of the format \"hypergrad report 99\", not \"hypergrad report 1\"", "report", folder.File("old"));
    }

    [Test]
    public void EveryPartOfAReport_ComesBackFromItsFile()
    {
        foreach (var report in new[] { SampleReports.Typical(), SampleReports.Unusual() })
        {
            using var file = new MemoryStream();
            ReportFile.Write(file, report);
            File.WriteAllBytes(folder.File("report.json"), file.ToArray());
            using var again = new MemoryStream();
            ReportFile.Write(again, ReportFile.Read(folder.Path));
            Assert.That(again.ToArray(), Is.EqualTo(file.ToArray()));
            Assert.That(ReportFile.Read(folder.Path).Distributions, Has.Count.EqualTo(report.Distributions.Count));
        }
    }

    private void WriteReport(string name, TuningReport? report = null)
    {
        Directory.CreateDirectory(folder.File(name));
        using var file = File.Create(folder.File($"{name}/report.json"));
        ReportFile.Write(file, report ?? SampleReports.Typical());
    }

    private static IEnumerable<XElement> Named(XContainer container, string name) =>
        container.Descendants().Where(element => element.Name.LocalName == name);
}
