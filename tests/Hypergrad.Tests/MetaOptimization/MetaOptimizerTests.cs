using Hypergrad.MetaOptimization;

namespace Hypergrad.Tests.MetaOptimization;

[TestFixture]
public sealed class MetaOptimizerTests
{
    private static readonly double[][] Gradients = [[2, -0.5], [-1, 0.25], [0.5, 4]];

    private static readonly MetaOptimizer[] Optimizers = [new Adam(), new RmsProp(), new Sgd() { Momentum = 0.5 }, new SignDescent()];

    // Two steps by hand from g = 2, then −1, with η = 0.1, β₁ = 0.5, β₂ = 0.75, ε = 0:
    // m = 1, v = 1, m/(1 − 0.5) = 2, v/(1 − 0.75) = 4: −0.1·2/2 = −0.1;
    // m = 0.5·1 − 0.5 = 0, so no change; v = 0.75 + 0.25 = 1.
    // Then g = 3: m = 1.5, v = 0.75 + 2.25 = 3, 1 − 0.5³ = 0.875, 1 − 0.75³ = 0.578125: −0.1·(1.5/0.875)/√(3/0.578125).
    [Test]
    public void Adam_MakesTheStepsComputedByHand()
    {
        var adam = new Adam(0.1) { FirstDecay = 0.5, SecondDecay = 0.75, Epsilon = 0 };
        double[] changes = Changes(adam, 2, -1, 3);
        Close.AssertWithin(changes, [-0.1, 0, -0.1 * (1.5 / 0.875) / Math.Sqrt(3 / 0.578125)], 1e-15, "changes");
    }

    [Test]
    public void Adam_AddsEpsilonToTheRoot() =>
        Assert.That(Changes(new Adam(1) { Epsilon = 1 }, 3)[0], Is.EqualTo(-3.0 / 4).Within(1e-15));

    // g = 2: v = 0.25·4 = 1, −0.1·2/1; g = −1: v = 0.75 + 0.25 = 1, +0.1.
    [Test]
    public void RmsProp_MakesTheStepsComputedByHand() => Close.AssertWithin(
        Changes(new RmsProp(0.1) { Decay = 0.75, Epsilon = 0 }, 2, -1), [-0.2, 0.1], 1e-15, "changes");

    // m = 2, then 0.5·2 − 1 = 0, then 3.
    [Test]
    public void Sgd_WithMomentum_MakesTheStepsComputedByHand() => Close.AssertWithin(
        Changes(new Sgd(0.1) { Momentum = 0.5 }, 2, -1, 3), [-0.2, 0, -0.3], 1e-15, "changes");

    [Test]
    public void Sgd_WithoutMomentum_FollowsTheGradient() =>
        Assert.That(Changes(new Sgd(0.5), 2, -1), Is.EqualTo(new[] { -1, 0.5 }));

    [Test]
    public void SignDescent_StepsAlikeWhateverTheMagnitude_AndStaysWhereThereIsNoSign() => Assert.That(
        Changes(new SignDescent(0.1), 1e-9, -1e9, 0, double.NaN), Is.EqualTo(new[] { -0.1, 0.1, 0, 0 }));

    [TestCaseSource(nameof(Optimizers))]
    public void Update_IsAFunctionOfItsInputs_AndLeavesThemAlone(MetaOptimizer optimizer)
    {
        var state = optimizer.Start(2);
        foreach (double[] gradient in Gradients)
        {
            double[] given = [.. gradient], first = [.. state.First], second = [.. state.Second];
            var one = optimizer.Update(state, given);
            var two = optimizer.Update(state, given);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(one.Change, Is.EqualTo(two.Change).And.Length.EqualTo(2));
                Assert.That(one.Next.First, Is.EqualTo(two.Next.First));
                Assert.That(one.Next.Second, Is.EqualTo(two.Next.Second));
                Assert.That(one.Next.Step, Is.EqualTo(state.Step + 1));
                Assert.That((given, state.First, state.Second), Is.EqualTo((gradient, first, second)));
            }
            state = one.Next;
        }
    }

    [TestCaseSource(nameof(Optimizers))]
    public void Update_ClipsTheGradientFirst(MetaOptimizer optimizer)
    {
        var clipped = optimizer with { Clipping = new() { Entry = 0.1 } };
        var (change, _) = clipped.Update(clipped.Start(2), [5, -0.05]);
        Assert.That(change, Is.EqualTo(optimizer.Update(optimizer.Start(2), [0.1, -0.05]).Change));
    }

    [Test]
    public void StepSize_MustBeAboveZeroAndFinite([Values(0, -0.1, double.NaN, double.PositiveInfinity)] double stepSize)
    {
        Func<MetaOptimizer>[] makers = [() => new Adam(stepSize), () => new RmsProp(stepSize), () => new Sgd(stepSize), () =>
            new SignDescent(stepSize)];
        foreach (var make in makers)
            Assert.That(make, Throws.TypeOf<ConfigurationException>().With.Message.EqualTo(
                $"A meta step size of {stepSize}: it must be above 0 and finite."));
    }

    [Test]
    public void Decays_MustBeFromZeroToBelowOne([Values(-0.1, 1, 1.5, double.NaN)] double decay)
    {
        using (Assert.EnterMultipleScope())
        {
            Refused(() => new Adam() { FirstDecay = decay }, "Adam's first decay");
            Refused(() => new Adam() { SecondDecay = decay }, "Adam's second decay");
            Refused(() => new RmsProp() { Decay = decay }, "RMSProp's decay");
            Refused(() => new Sgd() { Momentum = decay }, "The momentum of meta-descent");
        }

        void Refused(Func<MetaOptimizer> make, string name) => Assert.That(
            make, Throws.TypeOf<ConfigurationException>().With.Message.EqualTo($"{name} is {decay}; it must be from 0 to below 1."));
    }

    private static double[] Changes(MetaOptimizer optimizer, params double[] gradients)
    {
        var state = optimizer.Start(1);
        var changes = new double[gradients.Length];
        for (int i = 0; i < changes.Length; i++)
        {
            (double[] change, state) = optimizer.Update(state, [gradients[i]]);
            changes[i] = change[0];
        }
        return changes;
    }
}
