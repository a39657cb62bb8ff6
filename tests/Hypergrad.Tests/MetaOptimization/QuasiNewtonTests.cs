using Hypergrad.MetaOptimization;

namespace Hypergrad.Tests.MetaOptimization;

[TestFixture]
public sealed class QuasiNewtonTests
{
    [Test]
    public void WithoutPairs_TheInverseIsTheScales() =>
        Assert.That(QuasiNewton.Multiply([], [2, 3], [5, 7]), Is.EqualTo(new[] { 10.0, 21 }));

    // The secant equation: what a step showed of the curvature, the model says again. H y = s.
    [Test]
    public void TheLatestPair_IsMetExactly()
    {
        double[] scales = [1, 1, 1];
        var pairs = QuasiNewton.With(QuasiNewton.With([], scales, [1, 0, 0.5], [4, 1, 2]), scales, [0.2, -1, 0], [1, -3, 0.5]);
        Close.AssertWithin(QuasiNewton.Multiply(pairs, scales, [1, -3, 0.5]), [0.2, -1, 0], 1e-12, "H y");
    }

    [Test]
    public void NegativeCurvature_IsRaisedToHalfOfThatOfTheScales()
    {
        var pair = QuasiNewton.With([], [2], [1], [-3]).Single();
        Assert.That(pair.GradientChange[0], Is.EqualTo(QuasiNewton.Damping * 0.5).Within(1e-15));
    }

    [Test]
    public void StepsThatShowNothing_AreNotRemembered()
    {
        Assert.That(QuasiNewton.With([], [1, 1], [0, 0], [1, 1]), Is.Empty);
        Assert.That(QuasiNewton.With([], [1, 1], [1, 1], [double.NaN, 1]), Is.Empty);
    }

    [Test]
    public void OldPairs_AreForgotten()
    {
        IReadOnlyList<CurvaturePair> pairs = [];
        for (int i = 1; i <= 30; i++)
            pairs = QuasiNewton.With(pairs, [1], [i], [i]);
        Assert.That(pairs, Has.Count.EqualTo(QuasiNewton.PairsFor(1)));
        Assert.That(pairs[^1].Step, Is.EqualTo(new[] { 30.0 }));
    }

    [TestCase(1, 10)]
    [TestCase(1_000_000, 4)]
    [TestCase(100_000_000, 1)]
    public void WhereCoordinatesAreMany_FewerPairsAreRemembered(int coordinates, int pairs) =>
        Assert.That(QuasiNewton.PairsFor(coordinates), Is.EqualTo(pairs));
}
