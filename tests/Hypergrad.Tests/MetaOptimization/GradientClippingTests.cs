using Hypergrad.MetaOptimization;

namespace Hypergrad.Tests.MetaOptimization;

[TestFixture]
public sealed class GradientClippingTests
{
    [Test]
    public void WithoutBounds_NothingChanges() => Assert.That(new GradientClipping().Apply([1e300, -7]), Is.EqualTo(new[] { 1e300, -7 }));

    [Test]
    public void Norm_ShortensALongGradient_AndKeepsItsDirection() =>
        Close.AssertWithin(new GradientClipping { Norm = 1 }.Apply([3, -4]), [0.6, -0.8], 1e-15, "clipped");

    [Test]
    public void Norm_LeavesAShortGradientAlone() =>
        Assert.That(new GradientClipping { Norm = 5 }.Apply([3, -4]), Is.EqualTo(new[] { 3, -4 }));

    [Test]
    public void Entry_CutsLargeEntriesAlone() =>
        Assert.That(new GradientClipping { Entry = 2 }.Apply([3, -4, 1]), Is.EqualTo(new[] { 2, -2, 1 }));

    // −40 becomes −4; 3 and −4 are 5 long, and are halved.
    [Test]
    public void Both_CutEntriesFirst() =>
        Close.AssertWithin(new GradientClipping { Entry = 4, Norm = 2.5 }.Apply([3, -40]), [1.5, -2], 1e-15, "clipped");

    [Test]
    public void Apply_LeavesItsInputAlone()
    {
        double[] gradient = [3, -4];
        _ = new GradientClipping { Norm = 1, Entry = 2 }.Apply(gradient);
        Assert.That(gradient, Is.EqualTo(new[] { 3, -4 }));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(double.NaN)]
    public void Bounds_MustBeAboveZero(double bound)
    {
        Assert.That(() => new GradientClipping { Norm = bound }, Throws.TypeOf<ConfigurationException>()
            .With.Message.EqualTo($"Clipping the gradient's norm at {bound}: the bound must be above 0."));
        Assert.That(() => new GradientClipping { Entry = bound }, Throws.TypeOf<ConfigurationException>()
            .With.Message.EqualTo($"Clipping the gradient's entry at {bound}: the bound must be above 0."));
    }
}
