using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>Means, standard errors and accuracies, by hand.</summary>
[TestFixture]
public sealed class ReplicaMeanTests
{
    [Test]
    public void Arrays_AreAveragedEntryByEntry()
    {
        var (mean, error) = ReplicaMean.Of([[1.0, 10], [2, 10], [6, 10]]);
        Close.Assert(mean, [3, 10], 1e-15, "mean");
        // Variance 7 of 1, 2 and 6; none of the constant entry.
        Close.AssertWithin(error, [Math.Sqrt(7.0 / 3), 0], 1e-15, "standard error");
    }

    [Test]
    public void OneReplica_IsItself_AndShowsNoSpread()
    {
        double[] only = [1, 2];
        var (mean, error) = ReplicaMean.Of([only]);
        Assert.That(mean, Is.SameAs(only));
        Assert.That(error, Is.Null);
        var gradient = Gradient([3], null);
        var (meanGradient, errorGradient) = ReplicaMean.Of([gradient]);
        Assert.That(meanGradient, Is.SameAs(gradient));
        Assert.That(errorGradient, Is.Null);
    }

    [Test]
    public void Gradients_AreAveragedPartByPart_AndMissingPartsStayMissing()
    {
        var (mean, error) = ReplicaMean.Of([Gradient([1, 5], null), Gradient([3, 5], null)]);
        Assert.That(mean.Quantities, Is.EqualTo(new[] { Quantity.L2 }));
        Close.Assert(mean[Quantity.L2], [2, 5], 1e-15, "mean");
        Close.AssertWithin(error![Quantity.L2], [1, 0], 1e-15, "standard error");
        Assert.That(error.Quantities, Is.EqualTo(new[] { Quantity.L2 }));
    }

    // (3, 4) beside (4, 3): cosine 24/25, difference √2 of 5. Along itself: 1 and 0. Twice itself: 1 and 1. Against itself: −1 and 2.
    [TestCase(3, 4, 24.0 / 25, 0.28284271247461901)]
    [TestCase(4, 3, 1, 0)]
    [TestCase(8, 6, 1, 1)]
    [TestCase(-4, -3, -1, 2)]
    public void Accuracy_ByHand(double first, double second, double cosine, double relativeError)
    {
        var accuracy = GradientAccuracy.Of(Quantity.L1, [first, second], [4.0, 3]);
        Assert.That(accuracy.Quantity, Is.EqualTo(Quantity.L1));
        Assert.That(accuracy.Cosine, Is.EqualTo(cosine).Within(1e-15));
        Assert.That(accuracy.RelativeError, Is.EqualTo(relativeError).Within(1e-15));
    }

    private static RawGradient Gradient(double[] l2, double[]? l1) =>
        RawGradient.Create(quantity => quantity == Quantity.L2 ? l2 : quantity == Quantity.L1 ? l1 : null);
}
