using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed;

namespace Hypergrad.Tests.Backends.Managed;

/// <summary>
/// The kernels, passes and whole hypergradients once more in processes of their own that may not use the widest vectors. The runtime
/// looks at its switches when it starts, so that the test program runs itself.
/// </summary>
[TestFixture]
public sealed class InstructionSetTests
{
    private const string Child = "HYPERGRAD_TESTS_EXPECTED_INSTRUCTION_SET";

    private static readonly string[] Fixtures =
    [
        nameof(InstructionSetTests), "ExactStateTests", "DivergenceTests", "StateHashTests", "Managed.Losses", "Managed.Simd",
        "MatrixProductTests",
        "ScalarReferenceTests", "GoldenTests",
    ];

    [TestCase("DOTNET_EnableAVX512")]
    [TestCase("DOTNET_EnableAVX2")]
    public void Tests_PassWithoutTheWidestVectors(string turnedOff)
    {
        if (Environment.GetEnvironmentVariable(Child) is not null)
            Assert.Ignore("This is the child process, which has no children.");
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
            Assert.Ignore($"{turnedOff} is a switch of x64 processors; this one is {RuntimeInformation.ProcessArchitecture}.");
        string expected = turnedOff == "DOTNET_EnableAVX512" && Vector256.IsHardwareAccelerated ? "AVX2" : "128-bit vectors";

        // The native library knows nothing of the runtime's switches.
        var environment = new Dictionary<string, string> { [turnedOff] = "0", [Child] = expected };
        Assert.That(ChildProcess.Run(Fixtures, environment, except: BackendUnderTest.NativeNames), Is.GreaterThan(500));
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
}
