using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Tests.Runs;

/// <summary>A training that diverges says what of it was out of the ordinary, as it was measured.</summary>
[TestFixture]
public sealed class DivergenceAdviceTests
{
    private static readonly HyperparameterSet Ordinary = new()
    {
        Optimizer = new Momentum
        {
            LearningRate = Schedule.PerStep(5, Sharing.Tensor, 0.1),
            Coefficient = Schedule.Constant(5, Sharing.All, 0.5),
        },
        InitialScale = Scale.Per(Sharing.All, 0.05),
    };

    private static IEnumerable<TestCaseData> Causes()
    {
        yield return Case("targets", Run(Ordinary, targets: 3e5), "The targets have a root mean square of up to 3E+05: standardise them.");
        yield return Case("inputs", Run(Ordinary, inputs: 2e4), "The inputs have a root mean square of up to 2E+04: normalise them.");
        yield return Case("learning rate", Run(Ordinary.With(Quantity.LearningRate, Schedule.PerStep(5, Sharing.Tensor, 1e6))),
            "The learning rate reaches 1E+06 (step 0, W1): lower it.");
        yield return Case("initial scale", Run(Ordinary with { InitialScale = Scale.Per(Sharing.All, 500) }),
            "The initial weights of W2 have a root mean square of 757, with 4 inputs to a unit: lower the initial scale, to about 0.5.");
        yield return Case("L2", Run(Ordinary with { L2 = Penalty.Per(Sharing.All, 1e6).Fixed() }),
            "The L2 penalty reaches 1E+06, too much for a learning rate of 0.1: lower it.");
        yield return Case("example weights", Run(Ordinary with { ExampleWeights = ExampleWeights.All() with { Values = [1e6, 1, 1, 1] } }),
            "An example weighs 1E+06: lower the example weights.");

        TestCaseData Case(string what, TrainingRun run, string advice) => new TestCaseData(what, run, advice).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Causes))]
    public void TheCause_IsNamedWithItsMeasure(string what, TrainingRun run, string advice)
    {
        var exception = Assert.Throws<TrainingDivergedException>(() =>
            Hypergradient.Exact(run, run.Training, new() { Backend = Backend.Managed }))!;
        Assert.That(exception.Message, Does.StartWith("Training diverged at step ").And.Contain(advice), what);
        Assert.That(exception.Message, Does.Not.Contain("or the initial scale"), "the words for what was not measured");
        Assert.That(exception.InnerException, Is.TypeOf<TrainingDivergedException>(), "where it happened is kept");
    }

    [Test]
    public void TheMostExtraordinaryOfSeveral_ComesFirst_AndOnlyTwoAreNamed()
    {
        string advice = DivergenceAdvice.For(Run(Ordinary.With(Quantity.LearningRate, Schedule.Constant(5, Sharing.All, 3)), inputs: 200,
            targets: 1e6).Lower(), step: 1);
        Assert.That(advice, Is.EqualTo(
            "The targets have a root mean square of up to 1E+06: standardise them. The inputs have a root mean square of up to 200: "
                + "normalise them."));
    }

    [Test]
    public void WithNothingExtraordinary_TheLearningRateIsWhatIsLeft() =>
        Assert.That(DivergenceAdvice.For(Run(Ordinary).Lower(), step: 1), Is.EqualTo(
        "Inputs, targets and initial weights are of ordinary size; lower the learning rate, which reaches 0.1 (step 0, W1)."));

    [Test]
    public void PlainTraining_SaysSoToo()
    {
        var run = Run(Ordinary.With(Quantity.LearningRate, Schedule.PerStep(5, Sharing.Tensor, 1e300)));
        var exception = Assert.Throws<TrainingDivergedException>(() => Training.Run(run, [], Backend.Managed))!;
        Assert.That(exception.Message, Does.Contain("The learning rate reaches 1E+300 (step 0, W1): lower it."));
    }

    private static TrainingRun Run(HyperparameterSet hyperparameters, double inputs = 1, double targets = 1)
    {
        double[] x = [1, -1, 1, 1, 1, -1, -1, 1, 1, 1, -1, -1], y = [1, -1, 1, 1];
        var data = new Dataset(new Table([.. x.Select(value => value * inputs)], 3), new Table([.. y.Select(value => value * targets)], 1));
        return new TrainingRun(Network.Mlp([3, 4, 1], Activation.Identity, Loss.Squared), data, hyperparameters) { BatchSize = 4 };
    }
}
