using Hypergrad.Backends;
using Hypergrad.MetaOptimization;
using Hypergrad.Runs;

namespace Hypergrad.Tests.MetaOptimization;

/// <summary>Tunings that would go on with other bits than they were computed with.</summary>
[TestFixture]
public sealed class OtherBitsTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    private static IEnumerable<TestCaseData> Others()
    {
        var options = SmallTuning.Options();
        yield return new TestCaseData(options with { Backend = new OtherArithmetic("managed (X64 AVX2)") },
            "managed (X64 AVX2), single").SetArgDisplayNames("instruction set");
        yield return new TestCaseData(options with { Backend = new OtherArithmetic("cuda (CUDA on X)") },
            "cuda (CUDA on X), single").SetArgDisplayNames("backend");
        yield return new TestCaseData(options with { Precision = Precision.Double }, ", double").SetArgDisplayNames("precision");
    }

    [TestCaseSource(nameof(Others))]
    public void OtherBits_AreRefused_NamingBoth(TuningOptions other, string named)
    {
        _ = SmallTuning.Tuning(SmallTuning.Options(folder.Path, 1)).Run();
        byte[] state = File.ReadAllBytes(folder.File("tuning.state"));
        var refused = Assert.Throws<ConfigurationException>(() => SmallTuning.Tuning(other with { StateDirectory = folder.Path }));
        Assert.That(refused!.Message, Does.StartWith(
            $"{folder.Path} holds a tuning that was computed with {Backend.Best().Arithmetic}, single, version ")
            .And.Contain($"; here it would go on with ").And.Contain(named).And.EndWith("or allow other bits (--allow-other-bits)."));
        Assert.That(File.ReadAllBytes(folder.File("tuning.state")), Is.EqualTo(state));
    }

    [TestCaseSource(nameof(Others))]
    public void OtherBits_WhenAllowed_AreGoneOnWith_AndRecorded(TuningOptions other, string named)
    {
        _ = SmallTuning.Tuning(SmallTuning.Options(folder.Path, 1)).Run();
        var allowed = other with { StateDirectory = folder.Path, AllowOtherBits = true, MetaSteps = 2 };
        Recorded(SmallTuning.Tuning(allowed).Run());
        // In the state too: another process, which need not allow what is no longer other.
        Recorded(SmallTuning.Tuning(allowed with { AllowOtherBits = false, MetaSteps = 3 }).Run());
        Assert.That(() => SmallTuning.Tuning(SmallTuning.Options(folder.Path)), Throws.TypeOf<ConfigurationException>());

        void Recorded(TuningResult result)
        {
            Assert.That(result.ComputedWith.Select(with => with.MetaStep), Is.EqualTo(new[] { 0, 1 }));
            Assert.That(result.ComputedWith[0].Backend, Is.EqualTo(Backend.Best().Arithmetic));
            Assert.That(result.ComputedWith[1].ToString(), Does.Contain(named));
        }
    }

    [Test]
    public void OtherVersion_GivesOtherBits()
    {
        var here = ComputedWith.Of(SmallTuning.Options());
        Assert.That(here.HasBitsOf(here with { MetaStep = 7 }));
        Assert.That(here.HasBitsOf(here with { Version = "0.0.1" }), Is.False);
        Assert.That(here.Version, Does.Match("^[0-9]+\\.[0-9]+\\.[0-9]+"));
    }

    [Test]
    public void OtherBits_BeforeTheFirstMetaStep_LoseNothing()
    {
        Assert.That(SmallTuning.Tuning(SmallTuning.Options(folder.Path) with { Cancellation = new(true) }).Run,
            Throws.InstanceOf<OperationCanceledException>());
        var other = SmallTuning.Options(folder.Path) with { Precision = Precision.Double };
        Assert.That(SmallTuning.Tuning(other).MetaStepsDone, Is.Null);
        Assert.That(SmallTuning.Tuning(other).Run().ComputedWith.Single().Precision, Is.EqualTo("double"));
    }

    [Test]
    public void SameBits_OnAnotherNumberOfThreads_GoOn()
    {
        using var one = new Hypergrad.Backends.Managed.ManagedBackend(1);
        using var two = new Hypergrad.Backends.Managed.ManagedBackend(2);
        _ = SmallTuning.Tuning(SmallTuning.Options(folder.Path, 1) with { Backend = one }).Run();
        Assert.That(SmallTuning.Tuning(SmallTuning.Options(folder.Path) with { Backend = two }).Run().ComputedWith, Has.Count.EqualTo(1));
    }

    [Test]
    public void FolderOfATuningThatRuns_IsRefusedToAnother_AndLetGoAfterwards()
    {
        FolderInUseException? refused = null;
        var options = SmallTuning.Options(folder.Path, 2);
        var tuning = SmallTuning.Tuning(options with
        {
            Progress = new Listener(() => refused ??= Assert.Throws<FolderInUseException>(() => SmallTuning.Tuning(options).Run())),
        });
        _ = tuning.Run();
        Assert.That(refused!.Process, Is.EqualTo(Environment.ProcessId));
        using (tuning.Claim())
        {
            Assert.That(() => SmallTuning.Tuning(options).Run(), Throws.TypeOf<FolderInUseException>());
            Assert.That(() => tuning.Run(), Throws.Nothing, "it is this one's");
        }
        Assert.That(() => SmallTuning.Tuning(options).Run(), Throws.Nothing);
    }

    private sealed class Listener(Action told) : IProgress<TuningProgress>
    {
        public void Report(TuningProgress value) => told();
    }

    private sealed class OtherArithmetic(string arithmetic) : IBackend
    {
        public string Name => Backend.Managed.Name;

        public string Description => arithmetic;

        public string Arithmetic => arithmetic;

        public ISession Open(RawRun run, Precision precision, CancellationToken cancellation = default) =>
            Backend.Managed.Open(run, precision, cancellation);
    }
}
