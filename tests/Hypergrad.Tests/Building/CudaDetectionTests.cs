using System.Diagnostics;

namespace Hypergrad.Tests.Building;

/// <summary>A build folder that was made before a CUDA toolkit was installed.</summary>
[TestFixture]
public sealed class CudaDetectionTests
{
    [Test]
    public void ToolkitThatCameLater_IsFound()
    {
        if (OperatingSystem.IsWindows() || !Has("cmake", "--version") || !Has("nvcc", "--version"))
            Assert.Ignore("It takes CMake and nvcc to see whether the toolkit is found.");
        using var folder = new TemporaryFolder();
        // What CMake remembers of a compiler that was not there.
        string[] stale = ["-DCMAKE_CUDA_COMPILER=NOTFOUND", "-DBUILD_TESTING=OFF"];
        string compiler = Has("g++-11", "--version") ? "-DCMAKE_CUDA_HOST_COMPILER=g++-11" : "-DHYPERGRAD_CUDA=AUTO";
        var (code, output) = Run("cmake", ["-S", Path.GetDirectoryName(SourceTree.File("CMakeLists.txt"))!, "-B", folder.File("build"),
            .. stale, compiler]);
        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Match("Hypergrad: CUDA 1[0-9]"));
    }

    private static bool Has(string program, string argument)
    {
        try
        {
            return Run(program, argument).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static (int Code, string Output) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + error.Result;
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
