using System.Diagnostics;

namespace Hypergrad.Tests.Building;

/// <summary>build.ps1 in PowerShell: it hands on every argument and every exit code of build.sh. Skipped where there is no pwsh.</summary>
[TestFixture, Platform("Linux,MacOsX")]
public sealed class PowerShellScriptTests
{
    private const string Dotnet = """[ "$1" = --version ] && echo 10.0.100 || printf '<%s>' "$@" """;

    private TemporaryFolder folder = null!;

    [SetUp]
    public void CopyScripts()
    {
        folder = new();
        Directory.CreateDirectory(folder.File("bin"));
        foreach (string script in new[] { "build.ps1", "build.sh" })
            folder.Write(script, File.ReadAllText(SourceTree.File(script)));
        foreach (var (name, script) in new[] { ("dotnet", Dotnet), ("cmake", "echo cmake version 3.1.0") })
        {
            string path = folder.Write($"bin/{name}", $"#!/bin/bash\n{script}\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Help_ListsTheVerbs_FromAnyFolder() => Assert.That(
        Run(["-File", folder.File("build.ps1"), "help"], Path.GetTempPath()),
        Does.Contain("native").And.Contain("test-packages").And.Contain("gpu-bundle"));

    [Test]
    public void UnknownVerb_FailsAsBuildShDoes() => Assert.That(
        Run(["-File", "build.ps1", "tset"], expectedCode: 1),
        Is.EqualTo("build.sh: there is no verb \"tset\". ./build.sh help lists them.\n"));

    // As they are typed at the prompt, where PowerShell takes -a:b and -a=1.5 apart and would put files for stars.
    [TestCase("test --filter 'FullyQualifiedName~A&Name!~B|(C)'", "<--no-build><--filter><FullyQualifiedName~A&Name!~B|(C)>")]
    [TestCase("run --json -DX:STRING=a", "<--json><-DX:STRING=a>")]
    [TestCase("run -DX=1.50 .5", "<-DX=1.50><.5>")]
    [TestCase("run -v:q '' 'a b' '*' '\"'", "<-v:q><><a b><*><\">")]
    [TestCase("run tune --data $PWD/x.csv", "<tune><--data><{0}/x.csv>")]
    public void Arguments_ArriveAsTheyWereTyped(string typed, string arrived) => Assert.That(
        Typed(typed), Does.EndWith(arrived.Replace("{0}", folder.Path, StringComparison.Ordinal)));

    [Test]
    public void BashThatIsMissing_IsSaid() => Assert.That(
        Typed("help", path: "", expectedCode: 1),
        Is.EqualTo("build.ps1: bash is missing, which the verbs of build.sh are written in. On Windows it comes with Git: https://git-scm.com\n"));

    // The stand-ins come before all else once PowerShell runs, which may itself be started by dotnet.
    private string Typed(string typed, string path = ":$env:PATH", int expectedCode = 0) =>
        Run(["-Command", $"$env:PATH = \"{folder.File("bin")}{path}\"; ./build.ps1 {typed}; exit $LASTEXITCODE"], expectedCode: expectedCode);

    private string Run(string[] arguments, string? from = null, int expectedCode = 0)
    {
        var start = new ProcessStartInfo(RequiredProgram.Find("pwsh"), ["-NoProfile", "-NonInteractive", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = from ?? folder.Path,
        };
        start.Environment["HOME"] = folder.Path;
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + error.Result;
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(expectedCode), output);
        return output.ReplaceLineEndings("\n");
    }
}
