using Hypergrad.Experiments.Running;

namespace Hypergrad.Tests.Experiments;

/// <summary>Who wins against a baseline.</summary>
[TestFixture]
public sealed class ContestTests
{
    [TestCase(0.5, 1.0, "wins")]
    [TestCase(0.99, 1.0, "level")]
    [TestCase(1.01, 1.0, "level")]
    [TestCase(1.5, 1.0, "loses")]
    [TestCase(double.NaN, 1.0, "loses")]
    [TestCase(1.0, double.PositiveInfinity, "wins")]
    [TestCase(double.PositiveInfinity, double.PositiveInfinity, "loses")]
    public void Verdict_IsOfTheLowerFigure(double ours, double theirs, string verdict) =>
        Assert.That(new Contest("a", "b", "loss", ours, theirs).Verdict, Is.EqualTo(verdict));
}
