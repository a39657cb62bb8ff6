using System.CommandLine;
using Hypergrad.Cli.Output;
using Hypergrad.Cli.Reporting;
using Hypergrad.Cli.Reporting.Comparison;
using Hypergrad.Files;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Commands;

/// <summary><c>hypergrad report FOLDER…</c>: the page of a tuning again, or one page of several side by side.</summary>
internal static class ReportCommand
{
    private const string DefaultComparison = "comparison.html";

    public static Command Create(CommandOutput output)
    {
        var folders = new Argument<string[]>("folders")
        {
            Description = $"folders of results, as tune --out writes them, {ComparisonWriter.MostRuns} at most",
            Arity = ArgumentArity.OneOrMore,
        };
        var outFile = new Option<string?>("--out")
        {
            Description = $"the page to write; by default report.html in the one folder, and {DefaultComparison} here of several",
        };
        var command = new Command("report", "Write the report of a tuning again, or one page of several tunings side by side.")
        {
            folders, outFile,
        };
        command.SetAction(parsed => Run(parsed.GetValue(folders)!, parsed.GetValue(outFile), output));
        return command;
    }

    private static int Run(string[] folders, string? outFile, CommandOutput output)
    {
        if (folders.Length > ComparisonWriter.MostRuns)
            throw new UsageException($"report: {folders.Length} folders; at most {ComparisonWriter.MostRuns} are told apart on one page. "
                + "Name fewer.");
        string[] paths = [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))];
        if (paths.GroupBy(path => path).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new UsageException($"report: the folder {Quoted.Path(twice.Key)} is named twice; name it once.");
        if (Directory.Exists(outFile))
            throw new UsageException($"--out {Quoted.Path(outFile)} is a folder; name a file.");
        TuningReport[] reports = [.. folders.Select(ReportFile.Read)];
        string destination = outFile ?? (folders.Length == 1 ? Path.Combine(folders[0], "report.html") : DefaultComparison);
        new OutputFile(destination).Write(stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            if (reports is [var single])
                ReportWriter.Write(writer, single);
            else
                ComparisonWriter.Write(writer, [.. NamesOf(paths).Zip(reports, (name, report) => new ComparedRun(name, report))],
                    Product.Version, DateTimeOffset.Now);
        });
        output.WriteWritten($"Written: {Quoted.Path(destination)}.", destination);
        return ExitCode.Success;
    }

    // The names of the folders, with as many of the folders around them as it takes to tell them apart.
    private static string[] NamesOf(string[] paths)
    {
        for (int parts = 1; ; parts++)
        {
            string[] names = [.. paths.Select(path =>
                string.Join('/', path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).TakeLast(parts)))];
            if (names.Distinct().Count() == names.Length)
                return names;
        }
    }
}
