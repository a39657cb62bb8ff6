using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>How far a hypergradient is, told on the way.</summary>
[TestFixture]
public sealed class SweepProgressTests
{
    private static readonly TestCaseData[] Methods =
    [
        .. new HypergradientMethod[] { new ReversibleMethod(), new StoredMethod(), new CheckpointedMethod(), new DrMadMethod { Knots = 4 } }
            .Select(method => new TestCaseData(method).SetArgDisplayNames(method.Name)),
    ];

    [TestCaseSource(nameof(Methods))]
    public void Progress_IsToldBothWays_AndChangesNoBit(HypergradientMethod method)
    {
        var data = Digits.Generate(120).Split(0.5, 0.5, 0);
        var run = new TrainingRun(Network.Mlp([784, 4, 10]), data.Train, new HyperparameterSet
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.PerStep(100, Sharing.Tensor, 0.1),
                Coefficient = Schedule.PerStep(100, Sharing.Tensor, 0.5),
            },
        })
        { BatchSize = 20 };
        var told = new Told();
        HypergradientOptions options = new() { Backend = Backend.Managed };
        double[] with = Hypergradient.Compute(run, data.Validation, method, options with { Progress = told }).Coordinates;
        Assert.That(with, Is.EqualTo(Hypergradient.Compute(run, data.Validation, method, options).Coordinates));
        int[] forward = [.. told.All.Where(each => !each.IsBackward).Select(each => each.StepsDone)];
        int[] backward = [.. told.All.Where(each => each.IsBackward).Select(each => each.StepsDone)];
        Assert.That(told.All.Select(each => each.Steps), Is.All.EqualTo(100));
        Assert.That(told.All.Select(each => each.IsBackward), Is.Ordered, "the way back comes behind the way out");
        foreach (int[] way in new[] { forward, backward })
        {
            Assert.That(way, Is.Ordered.And.Length.InRange(15, 45));
            Assert.That(way[^1], Is.EqualTo(100));
        }
    }

    private sealed class Told : IProgress<SweepProgress>
    {
        public List<SweepProgress> All { get; } = [];

        public void Report(SweepProgress value) => All.Add(value);
    }
}
