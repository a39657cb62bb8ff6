using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.RegularExpressions;
using Hypergrad.Backends.Managed;

namespace Hypergrad.Tests.Backends.Managed;

/// <summary>
/// The kernels, passes and whole hypergradients once more in processes of their own that may not use the widest vectors. The runtime
/// looks at its switches when it starts, so that the test program runs itself.
/// </summary>
[TestFixture]
public sealed partial class InstructionSetTests
{
    private const string Child = "HYPERGRAD_TESTS_EXPECTED_INSTRUCTION_SET";

    private static readonly string[] Fixtures =
    [
        nameof(InstructionSetTests), "ExactStateTests", "DivergenceTests", "StateHashTests", "Managed.Passes", "Managed.Simd",
        "MatrixProductTests",
        "ScalarReferenceTests", "GoldenTests",
    ];

    [TestCase("DOTNET_EnableAVX512")]
    [TestCase("DOTNET_EnableAVX2")]
    public void Tests_PassWithoutTheWidestVectors(string turnedOff)
    {
        // A child has no children.
        if (Environment.GetEnvironmentVariable(Child) is not null)
            return;
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
            Assert.Ignore($"{turnedOff} is a switch of x64 processors; this one is {RuntimeInformation.ProcessArchitecture}.");
        string expected = turnedOff == "DOTNET_EnableAVX512" && Vector256.IsHardwareAccelerated ? "AVX2" : "128-bit vectors";

        using var process = Process.Start(StartOf(turnedOff, expected))!;
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(3)))
            process.Kill(entireProcessTree: true);
        string text = output.Result;
        Assert.That(process.ExitCode, Is.Zero, text);
        Assert.That(int.Parse(Succeeded().Match(text).Groups[1].Value), Is.GreaterThan(500), text);
    }

    [Test]
    public void InstructionSet_IsTheOneAskedFor()
    {
        string? expected = Environment.GetEnvironmentVariable(Child);
        if (expected is not null)
            Assert.That(ManagedBackend.InstructionSet, Is.EqualTo(expected));
        Assert.That(ManagedBackend.InstructionSet == "AVX-512", Is.EqualTo(Vector512.IsHardwareAccelerated));
        Assert.That(ManagedBackend.InstructionSet == "128-bit vectors", Is.EqualTo(!Vector256.IsHardwareAccelerated));
        using var backend = new ManagedBackend(1);
        Assert.That(backend.Description, Is.EqualTo($"managed SIMD ({ManagedBackend.InstructionSet}), 1 thread"));
    }

    private static ProcessStartInfo StartOf(string turnedOff, string expected)
    {
        string library = typeof(InstructionSetTests).Assembly.Location;
        string program = Path.ChangeExtension(library, OperatingSystem.IsWindows() ? "exe" : null);
        string filter = string.Join('|', Fixtures.Select(fixture => $"FullyQualifiedName~{fixture}"));
        var start = File.Exists(program) ? new ProcessStartInfo(program) : new ProcessStartInfo("dotnet", [library]);
        foreach (string argument in (string[])["--filter", filter, "--no-ansi"])
            start.ArgumentList.Add(argument);
        start.Environment[turnedOff] = "0";
        start.Environment[Child] = expected;
        // What tells a test program to report to the one that started it must not reach the child.
        foreach (string name in start.Environment.Keys.Where(
            name => name.StartsWith("TESTINGPLATFORM_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        start.RedirectStandardOutput = true;
        start.UseShellExecute = false;
        return start;
    }

    [GeneratedRegex(@"succeeded: (\d+)")]
    private static partial Regex Succeeded();
}
