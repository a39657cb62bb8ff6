using System.Diagnostics;
using Hypergrad.Cli;

namespace Hypergrad.Tests.Cli;

/// <summary>The command in a process of its own.</summary>
internal static class RunningCommand
{
    /// <summary>Starts it.</summary>
    public static Process Start(params string[] arguments) => Start(arguments, []);

    /// <inheritdoc cref="Start(string[])"/>
    public static Process Start(string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Host, [typeof(ExitCode).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Starts it in a shell, which puts its words in place of {command}.</summary>
    public static Process Shell(string script, params string[] arguments)
    {
        string command = string.Join(' ', new[] { Host, typeof(ExitCode).Assembly.Location }.Concat(arguments).Select(word => $"'{word}'"));
        return Process.Start(new ProcessStartInfo("bash", ["-c", script.Replace("{command}", command, StringComparison.Ordinal)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code, and what it put out from here on.</returns>
    public static (int Code, string Output, string Error) Finish(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        Assert.That(process.WaitForExit(TimeSpan.FromMinutes(2)), "it does not end");
        return (process.ExitCode, output.Result, error.Trim());
    }

    /// <summary>Reads on to the first line on a meta-step: from there on there is a state.</summary>
    public static void WaitForMetaStep(Process process)
    {
        while (process.StandardOutput.ReadLine() is { } line)
            if (line.StartsWith("meta-step", StringComparison.Ordinal))
                return;
    }

    /// <summary>Sends a signal: "INT", "HUP".</summary>
    public static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    private static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}
