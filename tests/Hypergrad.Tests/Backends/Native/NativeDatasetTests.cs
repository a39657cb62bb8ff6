using Hypergrad.Backends;
using Hypergrad.Backends.Native;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Backends.Native;

/// <summary>Datasets that are copied to a context once for all its sessions.</summary>
[TestFixtureSource(typeof(BackendUnderTest), nameof(NativeNames))]
public sealed class NativeDatasetTests(string backend) : BackendUnderTest(backend)
{
    private NativeBackend own = null!;

    [SetUp]
    public void MakeBackend() => own = UnderTest.Name == "cuda" ? NativeBackend.OnDevice() : NativeBackend.OnHost();

    [TearDown]
    public void LetGo() => own.Dispose();

    [Test]
    public void Sessions_OfOneDataset_ShareIt_AndComputeTheSame()
    {
        var run = new SmallRun(3, [4, 5, 3]).ToRaw();
        double[][] gradients = [.. Enumerable.Range(0, 3).Select(_ =>
        {
            using var session = own.Open(run, Precision.Double);
            session.Start();
            session.EvaluateGradient(new Step(0));
            Assert.That(own.DatasetCount, Is.EqualTo(1));
            return session.Gradient.Read(run.Network.ParameterCount);
        })];
        Assert.That(gradients[1], Is.EqualTo(gradients[0]));
        Assert.That(gradients[2], Is.EqualTo(gradients[0]));
    }

    [Test]
    public void MetaSteps_CopyTrainingAndValidationDataOnce_AndGiveTheManagedHypergradient()
    {
        var small = new SmallRun(5, [4, 5, 3]);
        var run = small.ToRun();
        for (int metaStep = 0; metaStep < 3; metaStep++)
        {
            var actual = Hypergradient.Compute(
                run, small.Validation, new ReversibleMethod(), new() { Backend = own, Precision = Precision.Double });
            var expected = Hypergradient.Compute(
                run, small.Validation, new ReversibleMethod(), new() { Backend = Backend.Managed, Precision = Precision.Double });
            Assert.That(actual.ValidationLoss, Is.EqualTo(expected.ValidationLoss).Within(1e-12));
            Assert.That(own.DatasetCount, Is.EqualTo(2));
        }
    }

    [Test]
    public void Datasets_AreKept_ForAFewAlone()
    {
        using var session = own.Open(new SmallRun(3, [4, 5, 3]).ToRaw(), Precision.Double);
        session.Start();
        Dataset[] datasets = [.. Enumerable.Range(0, 7).Select(seed => new SmallRun((ulong)seed, [4, 5, 3]).Validation)];
        double[] Losses() => [.. datasets.Select(data => session.Evaluate(data)[0].Loss)];
        double[] first = Losses();
        Assert.That(own.DatasetCount, Is.EqualTo(4));
        Assert.That(first.Distinct().Count(), Is.EqualTo(7));
        Assert.That(Losses(), Is.EqualTo(first), "those that were let go are copied again");
        session.EvaluateGradient(new Step(0));
    }

    [Test]
    public void Dataset_ThatDoesNotFit_IsRefused_AndTheNextOneIsNot()
    {
        var run = new SmallRun(3, [4, 5, 3]).ToRaw();
        using var session = own.Open(run, Precision.Double);
        session.Start();
        var other = new SmallRun(3, [2, 3]).Validation;
        Assert.That(() => session.Evaluate(other), Throws.InstanceOf<HypergradException>());
        Assert.That(session.Evaluate(run.Training)[0].Loss, Is.Positive);
    }
}
