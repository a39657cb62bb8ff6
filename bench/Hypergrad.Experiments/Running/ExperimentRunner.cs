using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Hypergrad.Backends;
using Hypergrad.Experiments.Pages;

namespace Hypergrad.Experiments.Running;

/// <summary>Runs experiments and writes their pages, and the index page over them.</summary>
internal sealed class ExperimentRunner(Laboratory laboratory, (string Pages, string? Markdown) places, string command)
{
    /// <summary>Runs them.</summary>
    public void Run(IReadOnlyList<Experiment> experiments)
    {
        Directory.CreateDirectory(places.Pages);
        var pages = new List<Page>();
        foreach (var experiment in experiments)
        {
            var page = Do(experiment);
            pages.Add(page);
            PageWriter.Save(Path.Combine(places.Pages, page.Name + ".html"), page);
            if (places.Markdown is { } folder)
                MarkdownWriter.Save(folder, page);
        }
        if (experiments.Count == 1)
            return;
        IndexPage.Save(Path.Combine(places.Pages, "index.html"), pages);
        if (places.Markdown is { } index)
            MarkdownWriter.SaveIndex(index, pages);
    }

    private Page Do(Experiment experiment)
    {
        laboratory.Say($"{experiment.Title}");
        long start = Stopwatch.GetTimestamp();
        var study = experiment.Run(laboratory);
        var duration = Stopwatch.GetElapsedTime(start);
        foreach (var finding in study.Findings)
            laboratory.Say($"  {(finding.Holds ? "holds" : "DOES NOT HOLD")}: {finding.Claim} {finding.Figures}");
        laboratory.Say($"  {duration.TotalSeconds:F1} s");
        return new Page(experiment, study, Facts(experiment, duration));
    }

    private (string Name, string Value)[] Facts(Experiment experiment, TimeSpan duration) =>
    [
        ("Date", DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("Machine", $"{RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}"),
        ("Backend", Backend.Best().Description),
        ("Command", command),
        ("Data", experiment.DataOf(laboratory)),
        ("Seed", laboratory.Seed.ToString(CultureInfo.InvariantCulture)),
        ("Time", string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:F1} s, baselines included")),
    ];
}
