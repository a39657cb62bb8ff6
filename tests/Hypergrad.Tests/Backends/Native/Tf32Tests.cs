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
        var device = new CudaDevice(0, "Device", new(major, minor), 1, 1, new(12, 4), new(12, 4), Trouble: null);
        Assert.That(device.HasTf32, Is.EqualTo(has));
        if (has)
            Assert.That(device.RequireTf32, Throws.Nothing);
        else
            Refusals.Configuration(device.RequireTf32, "TF32 takes compute capability 8.0 or newer, and Device has 7.5. Leave TF32 out.");
    }

    [Test]
    public void Backend_ThatMayUseIt_SaysSo()
    {
        using NativeBackend without = Backend(allowTf32: false), with = Backend(allowTf32: true);
        Assert.That((without.Description, with.Description), Is.EqualTo(("somewhere", "somewhere, TF32 allowed")));
    }

    [TestCase(Precision.Single, true)]
    [TestCase(Precision.Double, false, Description = "There TF32 changes nothing.")]
    public void TuningInTf32_IsAnotherThanOneWithout(Precision precision, bool isAnother)
    {
        using var folder = new TemporaryFolder();
        using NativeBackend without = Backend(allowTf32: false), with = Backend(allowTf32: true);
        var options = SmallTuning.Options(folder.Path, 1) with { Precision = precision, AllowOtherBits = true };
        _ = SmallTuning.Tuning(options with { Backend = Hypergrad.Backends.Backend.Managed }).Run();
        Assert.That(() => SmallTuning.Tuning(options with { Backend = without }), Throws.Nothing);
        if (isAnother)
            Assert.That(() => SmallTuning.Tuning(options with { Backend = with }), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith(
                $"{folder.Path} holds the state of another tuning: its precision is Single, here it is Single, TF32."));
        else
            Assert.That(() => SmallTuning.Tuning(options with { Backend = with }), Throws.Nothing);
    }

    // Nothing is computed with it, so that it takes no library.
    private static NativeBackend Backend(bool allowTf32) => new(new NativeObject(0), "cuda", "somewhere") { AllowTf32 = allowTf32 };
}
