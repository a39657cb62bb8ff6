using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Tests.MetaOptimization;

[TestFixture]
public sealed class MetasmoothnessTests
{
    [Test]
    public void Agreement_CountsEveryWeightByHowFarItWent()
    {
        double[] here = [0, 0, 0, 5], next = [1, -2, 1, 5];
        Assert.That(Metasmoothness.Of(here, next, [2, -3, 1.5, 5]), Is.EqualTo(1));
        Assert.That(Metasmoothness.Of(here, next, [0, -1, 0.5, 5]), Is.EqualTo(-1));
        // The second weight, half of the movement, turns round; the last does not move.
        Assert.That(Metasmoothness.Of(here, next, [2, -1, 2, 9]), Is.EqualTo(0));
        // A weight that stops agrees with neither.
        Assert.That(Metasmoothness.Of(here, next, [1, -3, 2, 5]), Is.EqualTo(0.75));
        Assert.That(Metasmoothness.Of(here, here, next), Is.EqualTo(1));
    }

    [Test]
    public void QuietTraining_IsSmooth_AndChaoticTraining_IsNot()
    {
        var smooth = Metasmoothness.Measure(Run(0.1, 20), 0.01, directions: 3);
        var rough = Metasmoothness.Measure(Run(60, 60), 0.3, directions: 3);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(smooth.Value, Is.InRange(0.9, 1));
            Assert.That(smooth.Warning, Is.Null);
            Assert.That(smooth.OfDirections, Has.Count.EqualTo(3));
            Assert.That(rough.Value, Is.LessThan(0.5));
            Assert.That(rough.Warning, Does.Match("^Metasmoothness is -?0\\.[0-9]{2} for steps of 0\\.3: .* Lower the learning rate, "));
        }
    }

    [Test]
    public void Measurement_IsTheSameAgain_AndMeansItsDirections()
    {
        var (once, again) = (Metasmoothness.Measure(Run(0.3, 10), 0.1), Metasmoothness.Measure(Run(0.3, 10), 0.1));
        Assert.That(again.OfDirections, Is.EqualTo(once.OfDirections));
        Assert.That(once.Value, Is.EqualTo(once.OfDirections.Average()));
    }

    [Test]
    public void DirectionsThatDiverge_AgreeWithNothing()
    {
        var run = Run(0.3, 10);
        int count = run.Hyperparameters!.ToVector(run.Network).Length;
        var along = Metasmoothness.Along(run, 1000, [[.. Enumerable.Repeat(1.0, count)]]);
        Assert.That(along.OfDirections, Is.EqualTo(new[] { 0.0 }));
    }

    [Test]
    public void WhatMakesNoSense_IsRefused()
    {
        var run = Run(0.3, 10);
        Refusals.Configuration(() => Metasmoothness.Measure(run, 0), "Metasmoothness over steps of 0: they must be above 0 and finite.");
        Refusals.Configuration(() => Metasmoothness.Measure(run, 0.1, directions: 0), "Metasmoothness along 0 directions: give at least 1.");
        Refusals.Configuration(() => Metasmoothness.Along(run, 0.1, [[1, 2]]), "A direction of 2 numbers for 40 coordinates; give one for each.");
        Refusals.Configuration(() => Metasmoothness.Measure(new TrainingRun(run.Lower()), 0.1),
            "Metasmoothness is of tuned hyperparameters, and this run has none; tune at least one.");
    }

    private static TrainingRun Run(double learningRate, int steps) => SmallTuning.Run(new HyperparameterSet
    {
        Optimizer = new Momentum
        {
            LearningRate = Schedule.PerStep(steps, Sharing.Tensor, learningRate),
            Coefficient = Schedule.Constant(steps, Sharing.All, 0.5).Fixed(),
        },
        InitialScale = Scale.Per(Sharing.Layer, 0.3).Fixed(),
    });
}
