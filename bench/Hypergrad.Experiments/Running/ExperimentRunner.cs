using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Hypergrad.Backends;
using Hypergrad.Experiments.Pages;

namespace Hypergrad.Experiments.Running;

/// <summary>Runs experiments and writes their pages, and the index page over them.</summary>
internal sealed class ExperimentRunner(Laboratory laboratory, (string Pages, string? Markdown) places, IReadOnlyList<string> command)
{
    /// <summary>Runs them.</summary>
    public void Run(IReadOnlyList<Experiment> experiments)
    {
        Directory.CreateDirectory(places.Pages);
        foreach (var experiment in experiments)
        {
            var page = Do(experiment);
            PageFile.Save(places.Pages, page);
            Write(page);
        }
        WriteIndex(isWithMarkdown: experiments.Count > 1);
    }

    /// <summary>Draws the pages of runs that the folder of pages has, and their index, again.</summary>
    /// <exception cref="ConfigurationException">It has none.</exception>
    public void Draw()
    {
        var pages = PageFile.LoadAll(places.Pages);
        if (pages.Count == 0)
            throw new ConfigurationException($"{places.Pages} has no run to draw; run an experiment with this --out first.");
        foreach (var page in pages)
            Write(page);
        WriteIndex(isWithMarkdown: true);
    }

    private void Write(Page page)
    {
        PageWriter.Save(Path.Combine(places.Pages, page.Name + ".html"), page);
        if (places.Markdown is { } folder)
            MarkdownWriter.Save(folder, page);
    }

    // Over all pages that the folder has, of this run and of earlier ones.
    private void WriteIndex(bool isWithMarkdown)
    {
        var pages = PageFile.LoadAll(places.Pages);
        IndexPage.Save(Path.Combine(places.Pages, "index.html"), pages);
        if (isWithMarkdown && places.Markdown is { } folder)
            MarkdownIndex.Save(folder, pages);
    }

    private Page Do(Experiment experiment)
    {
        laboratory.Say($"{experiment.Title}");
        long start = Stopwatch.GetTimestamp();
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var study = experiment.Run(laboratory);
        var duration = Stopwatch.GetElapsedTime(start);
        foreach (var finding in study.Findings)
            laboratory.Say($"  {(finding.Holds ? "holds" : "DOES NOT HOLD")}: {finding.Claim} {finding.Figures}");
        foreach (var contest in study.Contests)
            laboratory.Say($"  {contest.Verdict}: {PageWriter.Describe(contest)}");
        laboratory.Say($"  {duration.TotalSeconds:F1} s");
        return new Page(experiment, study, Facts(experiment, duration, Process.GetCurrentProcess().TotalProcessorTime - processor));
    }

    // What runs this one alone, as a reader would write it.
    private string CommandOf(Experiment experiment) =>
        "./build.sh experiments " + string.Join(' ', command.Skip(1).Prepend(experiment.Name));

    private (string Name, string Value)[] Facts(Experiment experiment, TimeSpan duration, TimeSpan processor) =>
    [
        ("Date", DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("Machine", $"{RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}"),
        ("Backend", Backend.Best().Description),
        ("Command", CommandOf(experiment)),
        ("Data", experiment.DataOf(laboratory)),
        ("Seed", laboratory.Seed.ToString(CultureInfo.InvariantCulture)),
        ("Time", string.Create(CultureInfo.InvariantCulture,
            $"{duration.TotalSeconds:F1} s, baselines included; {processor.TotalSeconds:F1} s of processor time")),
    ];
}
