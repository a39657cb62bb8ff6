using Hypergrad.Backends.Native;
using Hypergrad.Cli;

namespace Hypergrad.Tests.Cli;

/// <summary>
/// A device that is there and cannot be used: the managed backend computes, and one line says why. A simulated device plays it, in a process
/// of its own, as both are found out once.
/// </summary>
[TestFixture]
public sealed class CudaTroubleTests
{
    private const string Child = "HYPERGRAD_TESTS_EXPECTED_CUDA_TROUBLE";

    [TestCase("SIMULATED_CUDA_DRIVER", "11020", "the driver is too old: it supports CUDA 11.2, and the library was built with ", TestName = "cuda: old driver")]
    [TestCase("HYPERGRAD_CUBLAS", "/nowhere/libcublas.so", "cuBLAS cannot be loaded from /nowhere/libcublas.so (", TestName = "cuda: no cuBLAS")]
    [TestCase("SIMULATED_CUDA_HELD", "0,1", "No CUDA device has room for this program: simulated device 0 ", TestName = "cuda: all devices held")]
    public void Trouble_IsOneLine(string variable, string value, string expected)
    {
        if (Environment.GetEnvironmentVariable(Child) is not null)
            Assert.Ignore("This is the child process, which has no children.");
        if (NativeLibraryStatus.Current.UsableDevice?.Name.StartsWith("simulated", StringComparison.Ordinal) != true)
            Assert.Ignore("There is no simulated device here; ./build.sh test-simulated has one.");
        Assert.That(ChildProcess.Run([nameof(CudaTroubleTests)], new() { [variable] = value, [Child] = expected }), Is.GreaterThan(0));
    }

    [Test]
    public void DeviceThatIsHeld_IsPassedOver_AndRefusedWhereItIsNamed()
    {
        if (Environment.GetEnvironmentVariable(Child) is not null)
            Assert.Ignore("This is the child process, which has no children.");
        if (NativeLibraryStatus.Current.UsableDevice?.Name.StartsWith("simulated", StringComparison.Ordinal) != true)
            Assert.Ignore("There is no simulated device here; ./build.sh test-simulated has one.");
        if (Environment.GetEnvironmentVariable("SIMULATED_CUDA_HELD") is null)
        {
            Assert.That(ChildProcess.Run([nameof(DeviceThatIsHeld_IsPassedOver_AndRefusedWhereItIsNamed)], new() { ["SIMULATED_CUDA_HELD"] = "0" }), Is.EqualTo(1));
            return;
        }
        Assert.That(CommandLine.Succeed(CommandLine.Quick), Does.Contain("CUDA on simulated device 1"));
        var (code, _, error) = CommandLine.Run([.. CommandLine.Quick, "--backend", "cuda", "--device", "0"]);
        Assert.That((code, error), Is.EqualTo((ExitCode.Fault,
            "hypergrad: The device failed: The CUDA driver failed while taking the device's primary context: error 46 (another program holds it "
            + $"exclusively).{Environment.NewLine}")));
        Assert.That(CommandLine.Succeed("doctor"), Does.Contain("native-host backend │ native library").And.Contains("--backend auto │ cuda"));
    }

    [Test]
    public void Trouble_IsThatExpected()
    {
        if (Environment.GetEnvironmentVariable(Child) is not { } expected)
        {
            Assert.Ignore("This is for the child process of the other test.");
            return;
        }
        var (code, output, error) = CommandLine.Run(CommandLine.Quick);
        Assert.That(code, Is.EqualTo(ExitCode.Success), error);
        Assert.That(output, Does.Contain("managed"));
        Assert.That(error.Split('\n').Where(line => line.StartsWith("hypergrad: ", StringComparison.Ordinal)).ToArray(), Has.Length.EqualTo(1)
            .And.One.StartsWith("hypergrad: computing with the managed backend; CUDA cannot be used: ").And.One.Contains(expected));
        Assert.That(CommandLine.Succeed("doctor"), Does.Contain("--backend auto │ managed"));
    }
}
