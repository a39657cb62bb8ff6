using Hypergrad.Hypergradients;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>Means with their standard errors, by hand.</summary>
[TestFixture]
public sealed class EstimateTests
{
    // Variance 7, over three replicas.
    [Test]
    public void Estimate_ByHand()
    {
        Assert.That(Estimate.Of([1.0, 2, 6]), Is.EqualTo(new Estimate(3, Math.Sqrt(7.0 / 3))));
        Assert.That(Estimate.Of([1.0, 2]), Is.EqualTo(new Estimate(1.5, 0.5)));
    }

    // A sum of squares less the mean's square, which is the same on paper, loses all digits here.
    [Test]
    public void SmallSpread_BesideALargeMean_KeepsItsDigits()
    {
        var estimate = Estimate.Of([1e9 + 0.1, 1e9 + 0.2, 1e9 + 0.6]);
        Assert.That(estimate.StandardError, Is.EqualTo(Math.Sqrt(0.07 / 3)).Within(1e-6));
    }

    [Test]
    public void OneValue_ShowsNoSpread()
    {
        var estimate = Estimate.Of([1.5]);
        Assert.That(estimate.Mean, Is.EqualTo(1.5));
        Assert.That(estimate.StandardError, Is.NaN);
    }

    [Test]
    public void Text_HasTheErrorWhereThereIsOne()
    {
        Assert.That(Estimate.Of([1.5]).ToString(), Is.EqualTo("1.5"));
        Assert.That(Estimate.Of([1.0, 2]).ToString(), Is.EqualTo("1.5 ± 0.5"));
    }
}
