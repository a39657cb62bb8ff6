using System.Diagnostics;
using System.Text.Json;
using Hypergrad.Backends.Native;
using Hypergrad.Cli;
using Hypergrad.Interop;
using Hypergrad.Tests.Backends.Native;

namespace Hypergrad.Tests.Cli;

/// <summary>Choosing a backend on the command line, and what is said where it cannot be had.</summary>
[TestFixture]
public sealed class BackendOptionTests
{
    private const string SmallRun =
        """
        {"layers": [1, 1], "activation": "identity", "loss": "squared", "groups": "all", "train": {"inputs": [[1]], "targets": [[0.5]]},
         "validation": {"inputs": [[2]], "targets": [[1]]}, "batches": [[0], [0]], "initialWeights": [0.1, 0], "learningRate": [[0.1], [0.1]],
         "momentum": [[0.5], [0.5]]}
        """;

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void UnknownBackend_IsAUsageError() => Assert.That(
        Run("--backend", "gpu"), Is.EqualTo((2, "", "hypergrad: --backend: there is no \"gpu\". Choose one of auto, managed, native-host, cuda.\n")));

    [TestCase("native-host")]
    [TestCase("cuda")]
    public void Threads_BelongToTheManagedBackend(string backend) => Assert.That(
        Run("--backend", backend, "--threads", "2"),
        Is.EqualTo((2, "", "hypergrad: --threads belongs to --backend managed; choose that, or leave --threads out.\n")));

    [TestCase("--tf32 belongs to --precision single; add that, or leave --tf32 out.", TestName = "Double precision, gradient's own")]
    [TestCase("--tf32 belongs to --precision single; add that, or leave --tf32 out.", "--backend", "cuda", "--precision", "double")]
    [TestCase("--tf32 belongs to --backend cuda; choose that, or leave --tf32 out.", "--precision", "single", "--backend", "managed")]
    [TestCase("--tf32 belongs to --backend cuda; choose that, or leave --tf32 out.", "--precision", "single", "--backend", "native-host")]
    [TestCase("--tf32 belongs to --backend cuda and --threads to --backend managed; leave one of them out.", "--precision", "single", "--threads", "2")]
    public void Tf32_WhereItHasNoMeaning_IsAUsageError(string message, params string[] options) =>
        Assert.That(Run(["--tf32", .. options]), Is.EqualTo((2, "", $"hypergrad: {message}\n")));

    [Test]
    public void Tf32_OfAnUnknownUse_IsAUsageError() => Assert.That(
        Run("--tf32", "tangents", "--precision", "single"),
        Is.EqualTo((2, "", "hypergrad: --tf32: there is no \"tangents\". Did you mean tangent? Choose one of everywhere, tangent.\n")));

    [Test]
    public void Tf32_BeforeAFile_IsAUsageErrorThatSaysWhatToWrite()
    {
        string file = RunFile();
        var (code, _, error) = CommandLine.Run("gradient", "--tf32", file);
        Assert.That((code, error.Split('\n')[0]), Is.EqualTo((2,
            $"hypergrad: --tf32 takes the file \"{file}\" for its value; write the file before it, or --tf32 everywhere.")));
    }

    [TestCase("--backend", "managed")]
    [TestCase("--backend", "auto")]
    [TestCase("--backend", "auto", "--tf32", "--precision", "single")]
    [TestCase("--backend", "managed", "--threads", "2")]
    public void Device_BelongsToCuda(params string[] options) => Assert.That(
        Run(["--device", "0", .. options]),
        Is.EqualTo((2, "", "hypergrad: --device belongs to --backend cuda; choose that, or leave --device out.\n")));

    [Test]
    public void Device_ComesWithoutThreads() => Assert.That(
        Run("--backend", "cuda", "--device", "0", "--threads", "2"),
        Is.EqualTo((2, "", "hypergrad: --threads belongs to --backend managed; choose that, or leave --threads out.\n")));

    [Test]
    public void Device_IsChosenByNumber_AndRefusedWhereThereIsNone()
    {
        var devices = NativeLibraryStatus.Current.Devices;
        if (NativeLibraryStatus.Current.UsableDevice is null)
            Assert.Ignore("There is no usable CUDA device here.");
        foreach (var device in devices.Where(device => device.IsUsable))
        {
            var (code, output, error) = Run("--backend", "cuda", "--device", $"{device.Number}");
            Assert.That((code, error), Is.EqualTo((0, "")));
            Assert.That(JsonDocument.Parse(output).RootElement.GetProperty("reversal").GetProperty("exact").GetBoolean(), Is.True);
        }
        foreach (int number in (int[])[-1, devices.Count])
            Assert.That(
                Run("--backend", "cuda", "--device", $"{number}"),
                Is.EqualTo((2, "", $"hypergrad: There is no CUDA device {number}; the devices are "
                    + $"{string.Join("; ", devices.Select(device => $"{device.Number}: {device}"))}.\n")));
    }

    [Test]
    public void Tf32_OfTune_IsRefusedTheSameWay() => CommandLine.Refuse(
        ExitCode.Usage, "--tf32 belongs to --backend cuda; choose that, or leave --tf32 out.", [.. CommandLine.Quick, "--tf32", "--backend", "managed"]);

    [Test]
    public void Tf32_WithoutCuda_IsAUsageErrorThatSaysWhy()
    {
        if (NativeLibraryStatus.Current.WhyNoCuda is not { } trouble)
            Assert.Ignore("CUDA is available here.");
        else
        {
            Assert.That(Run("--tf32", "--precision", "single"), Is.EqualTo((2, "",
                $"hypergrad: --tf32 belongs to --backend cuda, and --backend auto cannot choose that here: {trouble}. Leave --tf32 out.\n")));
            var (code, _, error) = Run("--tf32", "--precision", "single", "--backend", "cuda");
            Assert.That((code, error), Is.EqualTo((2, Run("--backend", "cuda").Error)));
            Assert.That(CommandLine.Succeed("doctor"), Does.Contain("--tf32 │ not available: it takes a usable CUDA device of compute capability 8.0 or newer"));
        }
    }

    [Test]
    public void Tf32_OnADevice_ComputesNearlyTheSame_AndReversesToTheBit([Values("auto", "cuda")] string backend)
    {
        if (NativeLibraryStatus.Current.UsableDevice is not { HasTf32: true })
            Assert.Ignore("No usable CUDA device here has TF32.");
        var (code, output, error) = Run("--tf32", "--precision", "single", "--backend", backend);
        Assert.That((code, error), Is.EqualTo((0, "")));
        using JsonDocument rough = JsonDocument.Parse(output), exact = JsonDocument.Parse(Run("--backend", "managed").Output);
        Assert.That(rough.RootElement.GetProperty("backend").GetString(), Is.EqualTo("cuda"));
        Assert.That(rough.RootElement.GetProperty("reversal").GetProperty("exact").GetBoolean(), Is.True);
        Assert.That(Loss(rough), Is.EqualTo(Loss(exact)).Within(1).Percent);
        Assert.That(CommandLine.Succeed([.. CommandLine.Quick, "--tf32", "--backend", backend]), Does.Contain("TF32 allowed"));
        Assert.That(CommandLine.Succeed("doctor"), Does.Contain("--tf32 │ available, with --precision single"));
    }

    [Test]
    public void Tf32_InTangents_LeavesTrainingAsItIs()
    {
        if (NativeLibraryStatus.Current.UsableDevice is not { HasTf32: true })
            Assert.Ignore("No usable CUDA device here has TF32.");
        var (code, output, error) = Run("--tf32", "tangent", "--precision", "single", "--backend", "cuda");
        Assert.That((code, error), Is.EqualTo((0, "")));
        using JsonDocument tangents = JsonDocument.Parse(output),
            without = JsonDocument.Parse(Run("--precision", "single", "--backend", "cuda").Output);
        Assert.That(Loss(tangents), Is.EqualTo(Loss(without)), "to the bit");
        Assert.That(tangents.RootElement.GetProperty("reversal").GetProperty("exact").GetBoolean(), Is.True);
        Assert.That(CommandLine.Succeed([.. CommandLine.Quick, "--tf32", "tangent"]), Does.Contain("TF32 allowed in tangents"));
    }

    [Test]
    public void NativeHost_ComputesTheSameGradient()
    {
        NativeLibraryUnderTest.Require();
        var (code, output, error) = Run("--backend", "native-host");
        Assert.That((code, error), Is.EqualTo((0, "")));
        using JsonDocument native = JsonDocument.Parse(output), managed = JsonDocument.Parse(Run("--backend", "managed").Output);
        Assert.That(native.RootElement.GetProperty("backend").GetString(), Is.EqualTo("native-host"));
        Assert.That(native.RootElement.GetProperty("reversal").GetProperty("exact").GetBoolean(), Is.True);
        Assert.That(Loss(native), Is.EqualTo(Loss(managed)).Within(1e-14));
    }

    [Test]
    public void Cuda_WhereItIsNotAvailable_IsAUsageErrorThatSaysWhy()
    {
        if (NativeLibraryStatus.Current.WhyNoCuda is not { } trouble)
            Assert.Ignore("CUDA is available here.");
        else
        {
            var (code, output, error) = Run("--backend", "cuda");
            Assert.That((code, output), Is.EqualTo((2, "")));
            Assert.That(error, Does.StartWith("hypergrad: The backend cuda is not available: ").And.Contains(trouble).And.EndsWith("\n"));
            Assert.That(error.Count(letter => letter == '\n'), Is.EqualTo(1));
        }
    }

    [Test]
    public void BrokenLibrary_MeansTheManagedBackendAndOneClearLine()
    {
        string broken = folder.Write("broken.so", "not a library");
        var (code, output, error) = RunElsewhere(broken, "gradient", RunFile());
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Contain("\"backend\":\"managed\""));
        Assert.That(error, Does.StartWith($"hypergrad: computing with the managed backend; the native library cannot be used: {broken}: "));
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public void NativeHost_WithoutALibrary_SaysWhatWasTried()
    {
        string missing = folder.File("missing.so");
        Assert.That(RunElsewhere(missing, "gradient", RunFile(), "--backend", "native-host"), Is.EqualTo((2, "",
            $"hypergrad: The backend native-host is not available: no native library. Tried {missing}: there is no such file. "
            + $"Install the package Hypergrad.Native for this system, or set HYPERGRAD_NATIVE_PATH to the library or its folder.{Environment.NewLine}")));
    }

    [Test]
    public void Doctor_WithoutALibrary_TellsEveryPlaceTried()
    {
        string missing = folder.File("missing.so");
        var (code, output, _) = RunElsewhere(missing, "doctor");
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("none that can be used").And.Contains(missing).And.Contains("there is no such file"));
        Assert.That(output, Does.Match("auto +│ managed").And.Match("cuda backend +│ not available: no native library"));
        Assert.That(output, Does.Match("HYPERGRAD_NATIVE_PATH +│ ").And.Contain("nothing else is tried"));
        Assert.That(output, Does.Match("what would help +│ ").And.Contain("./build.sh native").And.Contain("Hypergrad.Native"));
    }

    [Test]
    public void Doctor_WithoutAPathGiven_TellsWhereItLooked()
    {
        var (code, output, _) = RunElsewhere("", "doctor");
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Match("HYPERGRAD_NATIVE_PATH +│ not set"));
        foreach (string place in LibraryPlaces.Of(null).Where(place => place.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal)).Take(2))
            Assert.That(System.Text.RegularExpressions.Regex.Replace(output, "[\\s│]+", ""), Does.Contain(place.Replace(" ", "")));
        Assert.That(output, Does.Contain("what would help"));
    }

    [Test]
    public void Doctor_WithALibraryThatHasNoCuda_SaysWhatWouldBringIt()
    {
        NativeLibraryUnderTest.Require();
        if (NativeLibraryStatus.Current.UsableDevice is not null)
            Assert.Ignore("CUDA is available here.");
        string wanted = NativeLibraryStatus.Current.HasCuda ? "what would help │ for CUDA, " : "what would help │ for CUDA, a library that was built where a CUDA toolkit";
        Assert.That(CommandLine.Succeed("doctor"), Does.Contain(wanted));
    }

    [Test]
    public void Doctor_TellsOfTheLibrary()
    {
        string path = NativeLibraryUnderTest.Require();
        using var output = new StringWriter();
        Assert.That(CommandLineProgram.Run(["doctor"], output, TextWriter.Null), Is.Zero);
        string text = output.ToString().ReplaceLineEndings("");
        Assert.That(text, Does.Contain("ABI version").And.Contains("products by"));
        Assert.That(text, Does.Contain(Path.GetFileName(path)[..8]));
        foreach (var device in NativeLibraryStatus.Current.Devices)
            Assert.That(text, Does.Contain(device.Name));
    }

    private (int Code, string Output, string Error) Run(params string[] options)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLineProgram.Run(["gradient", RunFile(), .. options], output, error);
        return (code, output.ToString(), error.ToString().ReplaceLineEndings("\n"));
    }

    private string RunFile() => folder.Write("run.json", SmallRun);

    private static double Loss(JsonDocument result) => result.RootElement.GetProperty("validationLoss").GetDouble();

    // The library is looked for once per process, so that another path takes another process.
    private static (int Code, string Output, string Error) RunElsewhere(string libraryPath, params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Hypergrad.Cli.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[NativeLibraryLoader.PathVariable] = libraryPath;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
