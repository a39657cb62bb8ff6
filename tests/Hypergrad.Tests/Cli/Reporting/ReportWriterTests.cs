using System.Text.RegularExpressions;
using System.Xml.Linq;
using Hypergrad.Cli.Reporting;

namespace Hypergrad.Tests.Cli.Reporting;

[TestFixture]
public sealed class ReportWriterTests
{
    private static readonly TestCaseData[] Samples =
    [
        new TestCaseData(SampleReports.Minimal()).SetArgDisplayNames("minimal"),
        new TestCaseData(SampleReports.Typical()).SetArgDisplayNames("typical"),
        new TestCaseData(SampleReports.Unusual()).SetArgDisplayNames("unusual"),
    ];

    [TestCaseSource(nameof(Samples))]
    public void Page_IsWellFormed_WithUniqueIdentifiers(object report)
    {
        var page = Parse(report);
        Assert.That(page.Root!.Name.LocalName, Is.EqualTo("html"));
        Assert.That(page.Descendants().Attributes("id").Select(id => id.Value), Is.Unique);
    }

    [TestCaseSource(nameof(Samples))]
    public void Page_RefersToNothingOutsideItself(object report)
    {
        var page = Parse(report);
        string[] identifiers = [.. page.Descendants().Attributes("id").Select(id => "#" + id.Value)];
        var references = page.Descendants().Attributes().Where(a => a.Name.LocalName is "href" or "src" or "srcset").Select(a => a.Value);
        var reaching = references.Where(r => !r.StartsWith("data:image/png;base64,", StringComparison.Ordinal));
        Assert.That(reaching.Distinct(), Is.SubsetOf(identifiers));
        string[] elements = [.. page.Descendants().Select(e => e.Name.LocalName).Distinct()];
        Assert.That(elements.Intersect(["script", "link", "iframe", "object", "embed", "form", "base"]), Is.Empty);
        string text = PageOf((TuningReport)report);
        Assert.That(Regex.Matches(text, "[a-z]+://[^\"]*").Select(m => m.Value), Is.EqualTo(new[] { "http://www.w3.org/1999/xhtml" }));
        Assert.That(text, Does.Not.Contain("url(").And.Not.Contain("@import"));
    }

    [Test]
    public void TrainingLoss_FarBelowTheOthers_IsNotDrawn_AndTheReaderIsTold()
    {
        string page = PageOf(SampleReports.Minimal() with
        {
            MetaLearning = [new(0, 0.5, 0.6, 0.7), new(1, 0.2, 0.4, 0.5), new(2, 1e-9, 0.3, 0.4)],
        });
        Assert.That(page, Does.Contain("Not drawn: training losses below 0.03, down to 1e-9."));
        string near = PageOf(SampleReports.Minimal() with { MetaLearning = [new(0, 0.5, 0.6, 0.7), new(1, 0.2, 0.4, 0.5)] });
        Assert.That(near, Does.Not.Contain("Not drawn"));
    }

    [Test]
    public void Images_WithAnOutlier_SayHowManyPixelsLieBeyondTheColourBar()
    {
        double[] values = [.. Enumerable.Range(0, 784).Select(i => i < 776 ? 1 + i % 100 / 100.0 : 1e6)];
        string page = PageOf(SampleReports.Minimal() with
        {
            Images = [new("t", "q", ImagePalette.Sequential, [new("c", 28, 28, values)])],
        });
        Assert.That(page, Does.Contain("pixels lie beyond the colour bar, and have the colour of its end."));
    }

    [TestCaseSource(nameof(Samples))]
    public void Page_DrawsOnlyFiniteCoordinates(object report)
    {
        string[] geometry = ["d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height", "viewBox"];
        var drawn = Parse(report).Descendants().Attributes().Where(a => geometry.Contains(a.Name.LocalName)).Select(a => a.Value);
        Assert.That(drawn.Where(value => Regex.IsMatch(value, "NaN|∞|Infinity|E")), Is.Empty);
    }

    [Test]
    public void Page_EscapesEveryName()
    {
        var report = SampleReports.Unusual();
        var page = Parse(report);
        Assert.That(PageOf(report), Does.Not.Contain("<script").And.Not.Contain("<a href=\"x\""));
        Assert.That(Named(page, "h1").Single().Value, Is.EqualTo("<script>alert('1')</script> & \"quotes\" \uFFFD \uFFFD"));
        Assert.That(Named(page, "code").Single().Value, Is.EqualTo(report.CommandLine));
        Assert.That(Named(page, "text").Select(t => t.Value), Does.Contain("b & c"));
    }

    [Test]
    public void Page_ShowsTheFiguresBeforeAndAfter()
    {
        var cards = WithClass(Parse(SampleReports.Typical()), "headline").Select(card => card.Value).ToArray();
        Assert.That(cards, Has.Length.EqualTo(5));
        Assert.That(cards[0], Is.EqualTo("validation loss, nats0.1781 ± 0.0083before 0.661 ± 0.027▼ −73 %"));
    }

    [Test]
    public void Page_HasTheNumbersBehindEveryChart()
    {
        var page = Parse(SampleReports.Typical());
        var tables = WithClass(page, "numbers").Select(table => Named(table, "tr").Select(row => row.Elements().Count()).ToArray()).ToArray();
        // 21 meta-steps, then 100 training steps of two curves, eight tensors before and after, one momentum, and 50 units.
        int[][] shapes = [[22, 5], [101, 3], [101, 17], [101, 3], [101, 101]];
        for (int i = 0; i < shapes.Length; i++)
            Assert.That((tables[i].Length, tables[i].Distinct().Single()), Is.EqualTo((shapes[i][0], shapes[i][1])), $"table {i}");
    }

    [Test]
    public void Page_NamesQuantitiesAndUnitsOnEveryAxis() => Assert.That(
        WithClass(Parse(SampleReports.Typical()), "axis-title").Select(t => t.Value).Distinct(), Is.SupersetOf(new[]
        {
            "meta-step", "loss (nats)", "training step", "training loss (nats, log scale)", "momentum", "weight decay (log scale)",
            "initial scale (log scale)", "L2 penalty λ (log scale)", "intensity",
        }));

    [Test]
    public void Page_WithALogarithmThatCannotBe_DoesNotClaimOne()
    {
        var report = SampleReports.Minimal() with { Schedules = [new("learning rate", true, [new("all", [0, -1], [0, -2])])] };
        string[] titles = [.. WithClass(Parse(report), "axis-title").Select(t => t.Value)];
        Assert.That(titles, Does.Contain("learning rate").And.Not.Contain("learning rate (log scale)"));
    }

    [Test]
    public void Page_OfOneMetaStep_DrawsTheSinglePointAndItsError()
    {
        var page = Parse(SampleReports.Minimal() with { MetaLearning = [new(0, null, new(0.25, 0.03), null)] });
        string[] dots = [.. WithClass(page, "dots validation").Select(p => p.Attribute("d")!.Value)];
        string[] bands = [.. WithClass(page, "band validation").Select(p => p.Attribute("d")!.Value)];
        Assert.That((dots.Length, bands.Length), Is.EqualTo((2, 2)));
        Assert.That(dots, Is.All.Match("^M[0-9.]+ [0-9.]+h0$"));
        Assert.That(bands, Is.All.EndsWith("Z"));
    }

    [Test]
    public void Page_OfATestLossMeasuredAtTimes_JoinsWhatWasMeasured()
    {
        MetaLearningPoint[] points = [new(0, 1, 1, 1), new(1, 1, 1, null), new(2, 1, 1, 2), new(3, 1, double.NaN, 3), new(4, 1, 1, null)];
        var page = Parse(SampleReports.Minimal() with { MetaLearning = points });
        // Once for wide and once for narrow pages.
        Assert.That(Segments("line test"), Is.EqualTo(new[] { "MLL", "MLL" }));
        Assert.That(Segments("line validation"), Is.EqualTo(new[] { "MLLMh", "MLLMh" }));

        string[] Segments(string styleClass) =>
            [.. WithClass(page, styleClass).Where(p => !IsLegend(p)).Select(p => string.Concat(p.Attribute("d")!.Value.Where(char.IsLetter)))];

        static bool IsLegend(XElement path) => path.Ancestors().Any(a => a.Name.LocalName == "ul");
    }

    [Test]
    public void Page_WithoutFiniteValues_SaysSo()
    {
        var page = Parse(SampleReports.Minimal() with { ElementaryLearning = new([double.NaN], [double.PositiveInfinity]) });
        string[] absent = [.. WithClass(page, "absent").Select(t => t.Value)];
        Assert.That(absent, Is.EqualTo(Enumerable.Repeat("No finite values to draw.", 2)));
    }

    [Test]
    public void Page_OfALongRun_StaysSmall()
    {
        double[] losses = [.. Enumerable.Range(0, 100_000).Select(t => 1 + Math.Sin(t))];
        Assert.That(PageOf(SampleReports.Minimal() with { ElementaryLearning = new(losses, losses) }), Has.Length.LessThan(500_000));
    }

    [Test]
    public void Page_LeavesOutWhatIsNotThere()
    {
        string[] sections = [.. Named(Parse(SampleReports.Minimal()), "h2").Select(h => h.Value)];
        Assert.That(sections, Is.EqualTo(new[] { "Configuration" }));
    }

    [Test, Explicit("Writes the sample pages to the temporary folder, for the eye.")]
    public void Write_Samples()
    {
        string folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "hypergrad-report")).FullName;
        File.WriteAllText(Path.Combine(folder, "typical.html"), PageOf(SampleReports.Typical()));
        File.WriteAllText(Path.Combine(folder, "unusual.html"), PageOf(SampleReports.Unusual()));
        TestContext.Out.WriteLine(folder);
    }

    private static IEnumerable<XElement> Named(XContainer container, string name) =>
        container.Descendants().Where(e => e.Name.LocalName == name);

    private static IEnumerable<XElement> WithClass(XContainer container, string styleClass) =>
        container.Descendants().Where(e => e.Attribute("class")?.Value == styleClass);

    private static XDocument Parse(object report) => XDocument.Parse(PageOf((TuningReport)report));

    private static string PageOf(TuningReport report)
    {
        var page = new StringWriter();
        ReportWriter.Write(page, report);
        return page.ToString();
    }
}
