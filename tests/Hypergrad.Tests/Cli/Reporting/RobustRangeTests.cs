using Hypergrad.Cli.Reporting.Charts;

namespace Hypergrad.Tests.Cli.Reporting;

[TestFixture]
public sealed class RobustRangeTests
{
    private static IEnumerable<double> Spread(int count) => Enumerable.Range(0, count).Select(i => 1 + (double)i / count);

    [Test]
    public void AFarValue_IsLeftOut_AndMostOthersStay()
    {
        double[] kept = RobustRange.Of(Spread(200).Append(1e4), logarithmic: false);
        Assert.That(kept.Max(), Is.LessThan(2));
        Assert.That(kept, Has.Length.GreaterThanOrEqualTo(196));
    }

    [Test]
    public void WithoutAFarValue_AllStay() => Assert.That(RobustRange.Of(Spread(200), logarithmic: false), Is.EqualTo(Spread(200)));

    [Test]
    public void OfFewValues_AllStay() =>
        Assert.That(RobustRange.Of([1, 2, 1e4], logarithmic: false), Is.EqualTo(new double[] { 1, 2, 1e4 }));

    [Test]
    public void OfConstantValues_WithFewOthers_AllStay() =>
        Assert.That(RobustRange.Of(Enumerable.Repeat(1.0, 500).Append(7), logarithmic: false), Does.Contain(7.0));

    [Test]
    public void ByRatio_ASpreadOverPowersOfTen_IsNoOutlier()
    {
        double[] powers = [.. Enumerable.Range(0, 300).Select(i => Math.Pow(10, i / 50.0))];
        Assert.That(RobustRange.Of(powers, logarithmic: true), Is.EqualTo(powers));
    }

    [Test]
    public void WhatCannotBeDrawn_IsLeftOut() =>
        Assert.That(RobustRange.Of([double.NaN, 0, -1, 2, double.PositiveInfinity], logarithmic: true), Is.EqualTo(new[] { 2.0 }));
}
