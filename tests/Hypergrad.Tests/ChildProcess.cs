using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Hypergrad.Tests;

/// <summary>The test program run by itself: the runtime looks at its switches only when it starts.</summary>
internal static partial class ChildProcess
{
    /// <summary>Runs the tests whose full names hold one of the given parts. Fails if one of them does.</summary>
    /// <param name="names">The parts.</param>
    /// <param name="environment">Variables that it is given.</param>
    /// <param name="except">Parts of the full names of those that are left out nevertheless.</param>
    /// <returns>How many succeeded.</returns>
    public static int Run(IEnumerable<string> names, Dictionary<string, string> environment, params IEnumerable<string> except)
    {
        using var process = Process.Start(StartOf(names, environment, except))!;
        var output = process.StandardOutput.ReadToEndAsync();
        // Long: other tests, and on a busy machine other programs, run beside it.
        bool ended = process.WaitForExit(TimeSpan.FromMinutes(12));
        if (!ended)
            process.Kill(entireProcessTree: true);
        string text = output.Result;
        Assert.That(ended, Is.True, "it did not end: " + text);
        Assert.That(process.ExitCode, Is.Zero, text);
        return int.Parse(Succeeded().Match(text).Groups[1].Value);
    }

    private static ProcessStartInfo StartOf(
        IEnumerable<string> names, Dictionary<string, string> environment, IEnumerable<string> except)
    {
        string library = typeof(ChildProcess).Assembly.Location;
        string program = Path.ChangeExtension(library, OperatingSystem.IsWindows() ? "exe" : null);
        string filter = $"({string.Join('|', names.Select(name => $"FullyQualifiedName~{name}"))})"
            + string.Concat(except.Select(name => $"&FullyQualifiedName!~{name}"));
        var start = File.Exists(program) ? new ProcessStartInfo(program) : new ProcessStartInfo("dotnet", [library]);
        foreach (string argument in (string[])["--filter", filter, "--no-ansi"])
            start.ArgumentList.Add(argument);
        // What tells a test program to report to the one that started it must not reach the child.
        foreach (string name in start.Environment.Keys.Where(
            name => name.StartsWith("TESTINGPLATFORM_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.RedirectStandardOutput = true;
        start.UseShellExecute = false;
        return start;
    }

    [GeneratedRegex(@"succeeded: (\d+)")]
    private static partial Regex Succeeded();
}
