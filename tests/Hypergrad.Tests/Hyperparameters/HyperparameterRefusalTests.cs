using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Hyperparameters;

/// <summary>Hyperparameters that make no sense, and what each is told.</summary>
[TestFixture]
public sealed class HyperparameterRefusalTests
{
    private static readonly Network Network = Network.Mlp([2, 3, 2]);
    private static readonly Dataset Training = new(new Table([1.0, 2, 3, 4, 5, 6], 2), new Table([1.0, 0, 0, 1, 1, 0], 2));

    private static readonly HyperparameterSet Set = new()
    {
        Optimizer = new Momentum
        {
            LearningRate = Schedule.PerStep(2, Sharing.Tensor, 0.3),
            Coefficient = Schedule.PerStep(2, Sharing.All, 0.9),
        },
    };

    [Test]
    public void Schedule_WithoutSteps_IsRefused() =>
        Refusals.Configuration(() => Schedule.PerStep(0, Sharing.All, 1), "A schedule of 0 steps: training needs at least 1 step.");

    [TestCase(Sharing.Input)]
    [TestCase(Sharing.Weight)]
    public void Schedule_SharedByWhatItCannotBe_IsRefused(Sharing sharing)
    {
        Refusals.Configuration(
            () => Schedule.Constant(3, sharing, 1), $"A schedule cannot be shared by {sharing}; choose All, Layer, Tensor or Unit.");
        Refusals.Configuration(
            () => _ = new ScheduleTable(new(Network, sharing), new double[50], "momentum"),
            $"A momentum schedule cannot be shared by {sharing}; choose All, Layer, Tensor or Unit.");
    }

    [TestCase(Sharing.Unit)]
    [TestCase(Sharing.Input)]
    [TestCase(Sharing.Weight)]
    public void Scale_SharedByWhatItCannotBe_IsRefused(Sharing sharing) => Refusals.Configuration(
        () => Scale.Per(sharing, 1), $"An initial scale cannot be shared by {sharing}; choose All, Layer or Tensor.");

    [Test]
    public void ScheduleTable_ThatDoesNotDivideIntoSteps_IsRefused()
    {
        var grouping = new WeightGrouping(Network, Sharing.Tensor);
        Refusals.Configuration(
            () => _ = new ScheduleTable(grouping, [], "learning rate"),
            "The learning rate schedule has no steps; training needs at least 1.");
        Refusals.Configuration(
            () => _ = new ScheduleTable(grouping, new double[6], "momentum"),
            "The momentum schedule has 6 numbers, which do not divide into steps of 4 groups.");
    }

    [Test]
    public void PenaltyTable_ThatDoesNotFit_IsRefused()
    {
        var grouping = new WeightGrouping(Network, Sharing.Layer);
        Refusals.Configuration(
            () => _ = new PenaltyTable(grouping, [1], "L2"), "The L2 penalty has 1 coefficients for 2 groups of weights.");
        Refusals.Configuration(
            () => _ = new PenaltyTable(grouping, [0, double.NaN], "L1"), "The L1 penalty of layer 2 is NaN; it must be finite.");
    }

    [TestCase(0.0)]
    [TestCase(1.0)]
    [TestCase(double.NaN)]
    public void SoftTargets_SmoothedByNothingOrAll_AreRefused(double smoothing) => Refusals.Configuration(
        () => SoftTargets.All(smoothing), $"A target smoothing of {smoothing}: it must lie between 0 and 1, such as 0.01.");

    [Test]
    public void Examples_ThatCannotBeChosen_AreRefused()
    {
        Refusals.Configuration(
            () => (Set with { Targets = SoftTargets.Of([0, 3]) }).For(Network, Training),
            "Soft targets: there is no training example 3; they are numbered 0 to 2.");
        Refusals.Configuration(
            () => (Set with { TrainingInputs = TrainingInputs.Of([-1]) }).For(Network, Training),
            "Training inputs: there is no training example -1; they are numbered 0 to 2.");
    }

    private static IEnumerable<TestCaseData> Values()
    {
        static TestCaseData Case(HyperparameterSet set, string message) => new TestCaseData(set, message).SetArgDisplayNames(message);
        yield return Case(
            Set.With(Quantity.Momentum, Schedule.PerStep(3, Sharing.All, 0.9)),
            "The learning rate has 2 steps and the momentum 3; give both the same number.");
        yield return Case(
            Set.With(Quantity.LearningRate, Schedule.PerStep(2, Sharing.Tensor, 0)),
            "The learning rate of step 0, W1 is 0; it must be above 0 to be tuned.");
        yield return Case(
            Set.With(Quantity.LearningRate, Schedule.Constant(2, Sharing.Layer, double.NaN).Fixed()),
            "The learning rate of layer 1 is NaN; it must be finite.");
        yield return Case(
            Set.With(Quantity.Momentum, Schedule.PerStep(2, Sharing.All, 1)),
            "The momentum of step 0, all is 1; it must be between 0 and 1 to be tuned.");
        yield return Case(
            Set with { InitialScale = Scale.Per(Sharing.Tensor, -1) },
            "The initial scale of W1 is -1; it must be above 0 to be tuned.");
        yield return Case(
            Set with { L2 = Penalty.Per(Sharing.Unit, 0) },
            "The L2 penalty of unit 1 of layer 1 is 0; it must be above 0 to be tuned.");
        yield return Case(
            Set with { L1 = Penalty.Per(Sharing.Weight, double.PositiveInfinity).Fixed() },
            $"The L1 penalty of weight 1 of W1 is {double.PositiveInfinity}; it must be finite.");
        yield return Case(
            Set with { L1 = Penalty.Per(Sharing.Layer, 1) with { Values = [1, 2, 3] } },
            "The L1 penalty has 3 values where the network 2-3-2 needs 2.");
        yield return Case(
            Set with { ExampleWeights = ExampleWeights.Of([2], 0) },
            "The example weights of example 2 is 0; it must be above 0 to be tuned.");
        yield return Case(
            Set with { TrainingInputs = TrainingInputs.Of([2]) with { Values = [1, double.NaN] } },
            "The training inputs of example 2, position 1 is NaN; it must be finite to be tuned.");
    }

    [TestCaseSource(nameof(Values))]
    public void Value_ThatMakesNoSense_IsRefused(HyperparameterSet set, string message) =>
        Refusals.Configuration(() => set.For(Network, Training), message);

    [Test]
    public void Vector_OfASetThatHasMetNoNetwork_IsRefused() => Assert.That(
        () => Set.ToVector(Network),
        Throws.TypeOf<InvalidOperationException>().With.Message.EqualTo(
            "The hyperparameter set has not met a network yet; call For first."));

    [Test]
    public void Vector_RoundTrips_InTheOrderOfTheTuned()
    {
        var set = (Set with { L2 = Penalty.Per(Sharing.Layer, 0.1), InitialScale = Scale.Per(Sharing.All, 0.2) }).For(Network, Training);
        var tuned = set.Tuned(Network);
        Assert.That(tuned.Select(t => (t.Name, t.Count)),
            Is.EqualTo(new[] { ("learning rate", 8), ("momentum", 2), ("initial scale", 1), ("L2 penalty", 2) }));
        Assert.That(tuned[0].NameOf(5, Network), Is.EqualTo("learning rate, step 1, b1"));
        double[] moved = [.. set.ToVector(Network).Select((theta, i) => theta + 0.1 * i)];
        Close.AssertWithin(set.WithVector(Network, moved).ToVector(Network), moved, 1e-12, "coordinates");
    }
}
