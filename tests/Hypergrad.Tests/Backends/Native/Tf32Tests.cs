using Hypergrad.Backends;
using Hypergrad.Backends.Native;
using Hypergrad.Interop;
using Hypergrad.Tests.MetaOptimization;

namespace Hypergrad.Tests.Backends.Native;

/// <summary>Who may multiply in TF32, and who is told of it.</summary>
[TestFixture]
public sealed class Tf32Tests
{
    [TestCase(7, 5, false)]
    [TestCase(8, 0, true)]
    [TestCase(10, 0, true)]
    public void Device_HasTf32_FromComputeCapability8On(int major, int minor, bool has)
    {
        var device = new CudaDevice(0, "Device", new(major, minor), 1, 1, new(12, 4), new(12, 4), Failure: null);
        Assert.That(device.HasTf32, Is.EqualTo(has));
        if (has)
            Assert.That(device.RequireTf32, Throws.Nothing);
        else
            Refusals.Configuration(device.RequireTf32, "TF32 takes compute capability 8.0 or newer, and Device has 7.5. Leave TF32 out.");
    }

    [Test]
    public void Backend_ThatMayUseIt_SaysSo()
    {
        using NativeBackend without = Backend(Tf32Use.Nowhere), with = Backend(Tf32Use.Everywhere), tangents = Backend(Tf32Use.Tangents);
        Assert.That((without.Description, with.Description, tangents.Description),
            Is.EqualTo(("somewhere", "somewhere, TF32 allowed", "somewhere, TF32 allowed in tangents")));
        Assert.That((without.AllowTf32, with.AllowTf32, tangents.AllowTf32), Is.EqualTo((false, true, true)));
    }

    [TestCase(Precision.Single, Tf32Use.Everywhere, "single, TF32,")]
    [TestCase(Precision.Single, Tf32Use.Tangents, "single, TF32 in tangents,")]
    [TestCase(Precision.Double, Tf32Use.Everywhere, null, Description = "There TF32 changes nothing.")]
    public void TuningInTf32_IsAnotherThanOneWithout(Precision precision, Tf32Use use, string? told)
    {
        using var folder = new TemporaryFolder();
        using NativeBackend without = Backend(Tf32Use.Nowhere), with = Backend(use);
        var options = SmallTuning.Options(folder.Path, 1) with { Precision = precision };
        _ = SmallTuning.Tuning(options with { Backend = Hypergrad.Backends.Backend.Managed }).Run();
        // Other bits they are on either; only the one that may use TF32 where that means something says so.
        string Refusal(NativeBackend backend) => Assert.Throws<ConfigurationException>(
            () => SmallTuning.Tuning(options with { Backend = backend }))!.Message;
        Assert.That(Refusal(without), Does.Contain("holds a tuning that was computed with managed").And.Not.Contain("TF32"));
        Assert.That(Refusal(with), told is null ? Does.Not.Contain("TF32") : Does.Contain(told));
        Assert.That(() => SmallTuning.Tuning(options with { Backend = with, AllowOtherBits = true }), Throws.Nothing);
    }

    // Nothing is computed with it, so that it takes no library.
    private static NativeBackend Backend(Tf32Use use) => new(new NativeObject(0), "cuda", "somewhere") { Tf32 = use };
}
