using Hypergrad.Arithmetic;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Optimizers;

/// <summary>Lists of updates that cannot be pulled back are refused.</summary>
[TestFixture]
public sealed class RawOptimizerTests
{
    private static readonly WeightGrouping All = new(Network.Mlp([2, 2]), Sharing.All);
    private static readonly Slot V = new("velocity");
    private static readonly Coefficient Half = HalfOf(All);

    private static readonly Update Kept = new Decay(V, Half), Kicked = new Kick(V, Half, GradientFunction.Gradient);
    private static readonly Update Moved = new Drift(Half, new SlotDirection(V));

    private static readonly TestCaseData[] Misplaced =
    [
        Case("two decays of one slot", "a decay of its velocity out of place", Kept, Kept, Kicked, Moved),
        Case("a decay after a kick", "a decay of its velocity out of place", Kicked, Kept, Moved),
        Case("a decay that is no ratio", "a decay of its velocity out of place", new Decay(V, 1 - Half), Kicked, Moved),
        Case("the weights' decay after their drift", "a decay of its weight out of place",
            Kept, Kicked, Moved, new Decay(Slot.Weights, Half)),
        Case("a slot's kick after a drift", "a kick of its velocity out of place", Kept, Moved, Kicked),
    ];

    [TestCaseSource(nameof(Misplaced))]
    public void List_ThatCannotBePulledBack_IsRefused(Update[] updates, string complaint) => Refusals.Configuration(
        () => _ = new RawOptimizer("mine", [V], updates),
        $"The optimizer mine has {complaint}: one decay (of ratios) comes before the kicks, and kicks of slots before drifts.");

    [Test]
    public void SlotThatIsNotListed_IsRefused() => Refusals.Configuration(
        () => _ = new RawOptimizer("mine", [], [Kept, Kicked, Moved]),
        "The optimizer mine moves a slot \"velocity\" that it does not list.");

    [Test]
    public void CoefficientsOfDifferentLengths_AreRefused_NamingBoth()
    {
        var small = new SmallRun(1, [2, 2], steps: 2).ToRaw();
        var all = new WeightGrouping(small.Network, Sharing.All);
        var (longer, half) = (Coefficient.Of(Quantity.LearningRate, new(all, [0.1, 0.1, 0.1], "learning rate")), HalfOf(all));
        var optimizer = new RawOptimizer("mine", [V],
            [new Decay(V, half), new Kick(V, -(1 - half), GradientFunction.Gradient), new Drift(longer, new SlotDirection(V))]);
        Refusals.Configuration(
            () => _ = new TrainingRun(small with { Optimizer = optimizer }),
            "The learning rate has 3 steps and another schedule of the optimizer 2; give all the same number.");
    }

    private static Coefficient HalfOf(WeightGrouping grouping) =>
        Coefficient.OfDecay(Quantity.Momentum, new(grouping, [0.5, 0.5], "momentum"), DecayRatio.FromMomentum);

    private static TestCaseData Case(string name, string complaint, params Update[] updates) =>
        new TestCaseData(updates, complaint).SetArgDisplayNames(name);
}
