using System.Diagnostics;

namespace Hypergrad.Tests.Building;

/// <summary>What build.sh says and hands on, with stand-ins for the tools that it calls.</summary>
[TestFixture]
public sealed class BuildScriptTests
{
    private const string Dotnet =
        """[ "$1" = --version ] && echo 10.0.100 || echo "dotnet $1, library at ${HYPERGRAD_NATIVE_PATH:-nowhere}" """;
    private const string Gcc = """[ "$1" = -dumpversion ] && echo 11 """;
    private const string Nvcc = """echo "Cuda compilation tools, release 12.4, V12.4.99" """;

    private TemporaryFolder folder = null!;

    [SetUp]
    public void CopyScript()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("build.sh is a script of bash; build.ps1 is used here.");
        folder = new();
        Directory.CreateDirectory(folder.File("bin"));
        folder.Write("build.sh", File.ReadAllText(SourceTree.File("build.sh")));
        foreach (var (name, script) in new[] { ("dotnet", Dotnet), ("gcc", Gcc), ("c++", "exit 0"), ("nvcc", Nvcc) })
            Tool(name, script);
    }

    [TearDown]
    public void RemoveFolder() => folder?.Dispose();

    [TestCase("libhypergrad.so")]
    [TestCase("libhypergrad.dylib")]
    public void Run_FindsTheLibraryThatWasBuilt(string library)
    {
        Assert.That(Run(["run", "doctor"]), Does.Contain("Hypergrad.Cli.dll, library at nowhere"));
        Directory.CreateDirectory(folder.File("artifacts/native/native"));
        folder.Write($"artifacts/native/native/{library}", "");
        Assert.That(Run(["run", "doctor"]), Does.Contain($"Hypergrad.Cli.dll, library at {folder.File("artifacts/native/native")}\n"));
        Assert.That(Run(["run", "doctor"], "/mine"), Does.Contain("Hypergrad.Cli.dll, library at /mine\n"));
    }

    [TestCase("with CUDA", "AUTO", null)]
    [TestCase(
        "without CUDA", "OFF",
        "Without CUDA: HYPERGRAD_CUDA is OFF in this build folder; "
            + "./build.sh native -DHYPERGRAD_CUDA=AUTO looks for it again")]
    [TestCase("without CUDA", "AUTO", "Without CUDA: CMake cannot compile with ")]
    public void Native_SaysWhatWasBuilt(string contains, string inCache, string? why)
    {
        Cmake($"version 1.2.3, {contains}; products on the host by blocked loops", inCache);
        string output = Run(["native"]);
        Assert.That(output, Does.Contain($"Built the native library in artifacts/native/native: version 1.2.3, {contains}; products"));
        Assert.That(output, why is null ? Does.Not.Contain("Without CUDA") : Does.Contain(why));
        Assert.That(output, Does.Not.Contain("Building the native library with CUDA"), "what is not known yet is not said");
    }

    [Test]
    public void Native_FailsWhereTheLibraryCannotBeUsed()
    {
        Cmake("", "AUTO", exitCode: 127);
        Assert.That(Run(["native"], expectedCode: 1),
            Does.Contain("build.sh: the native library in artifacts/native/native was built, but cannot be used"));
    }

    [TestCase("11.8", "12", "11")]
    [TestCase("12.0", "13", "12")]
    [TestCase("12.3", "13", "12")]
    [TestCase("12.4", "14", "13")]
    [TestCase("12.8", "15", "14")]
    [TestCase("13.0", "16", "15")]
    [TestCase("11.8", "11", null)]
    [TestCase("12.4", "13", null)]
    [TestCase("13.1", "15", null)]
    public void Native_TakesTheNewestGccOfTheToolkit_WhereTheDefaultOneIsNewer(string cuda, string gcc, string? taken)
    {
        Cmake("version 1.2.3, with CUDA; products on the host by blocked loops", "AUTO");
        Tool("nvcc", $"echo 'Cuda compilation tools, release {cuda}, V{cuda}.99'");
        Tool("gcc", $"echo {gcc}");
        if (taken is not null)
            Tool($"g++-{taken}", "exit 0");
        string given = taken is null ? "" : folder.File($"bin/g++-{taken}");
        Assert.That(Run(["native"]), taken is null ? Does.Not.Contain("HOST_COMPILER") : Does.Contain($"-DCMAKE_CUDA_HOST_COMPILER={given}\n"));
    }

    [Test]
    public void Native_NamesTheGccThatIsMissing()
    {
        Cmake("version 1.2.3, with CUDA; products on the host by blocked loops", "AUTO");
        Tool("nvcc", "echo 'Cuda compilation tools, release 13.0, V13.0.99'");
        Tool("gcc", "echo 99");
        Assert.That(Run(["native"], expectedCode: 1),
            Does.Contain("build.sh: CUDA 13.0 compiles with GCC 15 or older, and here is 99: apt-get install g++-15"));
    }

    [Test]
    public void Mutation_OfAFolderWithoutTests_NamesThoseThatHaveThem()
    {
        Directory.CreateDirectory(folder.File("tests/mutation"));
        folder.Write("tests/mutation/Arithmetic.txt", "Arithmetic/**/*.cs\n");
        folder.Write("tests/mutation/Trajectories.txt", "Trajectories/**/*.cs\n");
        Assert.That(Run(["mutation", "Networks"], expectedCode: 1),
            Does.Contain("build.sh: mutation knows no tests of \"Networks\". There are Arithmetic Trajectories."));
    }

    [TestCase("peers", "build.sh: bench peers needs Python 3 with numpy: apt-get install python3-numpy libopenblas0-pthread")]
    [TestCase("where", "build.sh: bench where needs Python 3 with numpy: apt-get install python3-numpy")]
    public void Bench_WithoutNumpy_NamesIt(string verb, string expected)
    {
        Tool("perf", "exit 0");
        Tool("python3", "exit 1");
        Assert.That(Run(["bench", verb], expectedCode: 1, python: folder.File("bin/python3")), Does.Contain(expected));
    }

    [Test]
    public void BenchWhere_WithoutPerf_NamesIt()
    {
        // Nothing else is found here, wherever perf is installed.
        foreach (string name in (string[])["dirname", "cat"])
            Tool(name, $"exec /usr/bin/{name} \"$@\"");
        Tool("python3", "exit 0");
        Assert.That(Run(["bench", "where"], expectedCode: 1, python: folder.File("bin/python3"), onlyTools: true),
            Does.Contain("build.sh: bench where needs perf: apt-get install linux-perf"));
    }

    // A cmake that leaves a cache, and a program that says this of what was built.
    private void Cmake(string about, string cudaInCache, int exitCode = 0) => Tool("cmake", $"""
        case "$1" in
          --version) echo "cmake version 3.30.1" ;;
          -S) printf '%s\n' "$@"; mkdir -p artifacts/native/native; echo "HYPERGRAD_CUDA:STRING={cudaInCache}" > artifacts/native/CMakeCache.txt ;;
          --build)
            printf '#!/bin/sh\necho "{about}"; exit {exitCode}\n' > artifacts/native/native/hypergrad_about
            chmod +x artifacts/native/native/hypergrad_about ;;
        esac
        """);

    private void Tool(string name, string script)
    {
        string path = folder.Write($"bin/{name}", $"#!/bin/bash\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private string Run(
        string[] arguments, string? libraryPath = null, int expectedCode = 0, string? python = null, bool onlyTools = false)
    {
        var start = new ProcessStartInfo("/bin/bash", [folder.File("build.sh"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = onlyTools ? folder.File("bin") : $"{folder.File("bin")}:{start.Environment["PATH"]}";
        start.Environment["PYTHON"] = python;
        start.Environment.Remove("HYPERGRAD_NATIVE_PATH");
        start.Environment.Remove("CXX");
        if (libraryPath is not null)
            start.Environment["HYPERGRAD_NATIVE_PATH"] = libraryPath;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + error.Result;
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(expectedCode), output);
        return output;
    }
}
