using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Hypergrad.Cli.Reporting;
using Hypergrad.Cli.Reporting.Comparison;

namespace Hypergrad.Tests.Cli.Reporting;

/// <summary>
/// The pages in Chromium, judged by axe-core: wide and narrow, light and dark, with every fold open. Where there is no <c>chromium</c> of
/// Debian's, they are skipped.
/// </summary>
[TestFixture, Platform("Linux"), NonParallelizable, Explicit("Takes minutes: the sample report is large. Ask for it by its name.")]
public sealed class AccessibilityTests
{
    private const string Chromium = "/usr/bin/chromium";

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    [TestCase(1280, false)]
    [TestCase(1280, true)]
    [TestCase(400, false)]
    [TestCase(400, true)]
    public void Pages_HaveNoViolation_AndFitTheirWidth(int width, bool dark)
    {
        if (!File.Exists(Chromium))
            Assert.Ignore($"There is no {Chromium}.");
        using var folder = new TemporaryFolder();
        var typical = SampleReports.Typical() with
        {
            Baseline = new("random search", 81, "A hypergradient counts as 4 trainings.")
            {
                Best = "learning rate 0.2",
                Figures = [new("validation loss", "nats", 0.5, 0.2)],
                Curve = [new(1, 0.7), new(80, 0.5)],
                TuningCurve = [new(1, 0.7), new(81, 0.2)],
            },
        };
        using (Assert.EnterMultipleScope())
        {
            Judge("report", writer => ReportWriter.Write(writer, typical));
            Judge("comparison", writer => ComparisonWriter.Write(writer,
                [.. Enumerable.Range(0, ComparisonWriter.MostRuns).Select(i => new ComparedRun($"results-{i}", typical))], "0.1.0", typical.Date));
        }

        void Judge(string name, Action<TextWriter> write)
        {
            var page = new StringWriter();
            write(page);
            string path = folder.Write($"{name}.html", Judging(page.ToString(), width));
            string verdict = Regex.Match(Open(path, width, dark), "<pre id=\"verdict\">(.*?)</pre>", RegexOptions.Singleline).Groups[1].Value;
            Assert.That(verdict, Does.Match("^rules passed: [1-9][0-9]+\\n$"), $"{name} at {width} pixels{(dark ? ", dark" : "")}");
        }
    }

    // Of long tables the first rows and columns are judged, since the others are like them and take minutes. The page may not run scripts, so
    // the judge's copy does without the policy that says so.
    private static string Judging(string page, int width)
    {
        string judge = "<script>" + Axe.Replace("</script", "<\\/script", StringComparison.Ordinal) + "</script><script>"
            + "document.querySelectorAll('details').forEach(fold => fold.open = true);"
            + "const keep = (parent, count) => [...parent.children].slice(count).forEach(child => child.remove());"
            + "document.querySelectorAll('tbody, thead tr, tbody tr').forEach(part => keep(part, 12));"
            + "document.querySelectorAll('.readouts').forEach(part => keep(part, 2));"
            + "axe.run(document, {resultTypes: ['violations']}).then(result => {"
            + $"const wide = document.documentElement.scrollWidth > {width} ? ['wider than the window: ' + document.documentElement.scrollWidth] : [];"
            + "const lines = wide.concat(result.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target + ' ' + n.failureSummary).join(' | ')));"
            + "const verdict = document.createElement('pre'); verdict.id = 'verdict';"
            + "verdict.textContent = 'rules passed: ' + result.passes.length + '\\n' + lines.join('\\n');"
            + "document.body.replaceChildren(verdict); });</script></body>";
        string open = Regex.Replace(page, "<meta http-equiv=\"Content-Security-Policy\"[^>]*/>", "");
        Assert.That(open, Has.Length.LessThan(page.Length));
        return open.Replace("</body>", judge, StringComparison.Ordinal);
    }

    private static string Open(string path, int width, bool dark)
    {
        var start = new ProcessStartInfo(Chromium,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=120000", "--dump-dom",
            $"--window-size={width.ToString(CultureInfo.InvariantCulture)},2000", $"--blink-settings=preferredColorScheme={(dark ? 0 : 1)}", $"file://{path}",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(3)))
            process.Kill(entireProcessTree: true);
        return output.Result;
    }
}
