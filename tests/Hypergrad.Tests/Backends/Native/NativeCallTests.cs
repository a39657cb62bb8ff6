using Hypergrad.Backends;
using Hypergrad.Backends.Native;
using Hypergrad.Interop;

namespace Hypergrad.Tests.Backends.Native;

/// <summary>What the library's complaints become.</summary>
[TestFixture]
public sealed class NativeCallTests
{
    [TestCase(hg_status.HG_OUT_OF_MEMORY,
        "Out of memory: Why. Train fewer replicas side by side, keep fewer snapshots, or choose a smaller network or batch.")]
    [TestCase(hg_status.HG_DEVICE_ERROR, "The device failed: Why.")]
    [TestCase(hg_status.HG_UNSUPPORTED, "Not supported here: Why.")]
    [TestCase(hg_status.HG_INTERNAL, "The native library failed (HG_INTERNAL): Why.")]
    [TestCase((hg_status)77, "The native library failed (77): Why.")]
    public void Failure_IsABackendException(object status, string message) => Assert.That(
        NativeCall.ExceptionOf((hg_status)status, "Why."), Is.TypeOf<BackendException>().With.Message.EqualTo(message));

    [Test]
    public void BadArgument_IsAConfigurationException() => Assert.That(
        NativeCall.ExceptionOf(hg_status.HG_INVALID_ARGUMENT, "Why."), Is.TypeOf<ConfigurationException>().With.Message.EqualTo("Why."));

    [TestCase(hg_status.HG_WRONG_ORDER)]
    [TestCase(hg_status.HG_INVALID_HANDLE)]
    [TestCase(hg_status.HG_NULL_ARGUMENT)]
    public void FaultOfTheProgram_IsAnInvalidOperation(object status) => Assert.That(
        NativeCall.ExceptionOf((hg_status)status, "Why."), Is.TypeOf<InvalidOperationException>().With.Message.EqualTo("Why."));

    [Test]
    public void UnknownBackend_IsRefused() => Assert.That(() => Backend.Find("gpu"),
        Throws.TypeOf<ConfigurationException>()
            .With.Message.EqualTo("There is no backend \"gpu\"; choose one of auto, managed, native-host, cuda."));

    [Test]
    public void Best_IsCudaWhereThereIsAUsableDevice_ElseManaged() => Assert.That(
        Backend.Find("auto").Name, Is.EqualTo(NativeLibraryStatus.Current.UsableDevice is null ? "managed" : "cuda"));

    [TestCase("native-host")]
    [TestCase("cuda")]
    public void BackendThatIsNotAvailable_SaysWhatWasTried(string name)
    {
        var status = NativeLibraryStatus.Current;
        if ((name == "cuda" ? status.WhyNoCuda : status.Failure) is not { } trouble)
            Assert.That(Backend.Find(name).Name, Is.EqualTo(name));
        else
            Assert.That(() => Backend.Find(name), Throws.TypeOf<ConfigurationException>()
                .With.Message.StartsWith($"The backend {name} is not available: ").And.Message.Contains(trouble));
    }

    [Test]
    public void DeviceThatIsNotThere_IsRefused()
    {
        bool hasCuda = NativeLibraryStatus.Current.WhyNoCuda is null;
        Assert.That(() => NativeBackend.OnDevice(1000), Throws.TypeOf<ConfigurationException>()
            .With.Message.StartsWith(hasCuda ? "There is no CUDA device 1000" : "The backend cuda is not available: "));
    }
}
