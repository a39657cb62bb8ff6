using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

/// <summary>R² and RMSE of known predictions, whatever the targets were normalised by.</summary>
[TestFixture]
public sealed class RegressionFiguresTests
{
    private static readonly double[] Prices = [100_000, 300_000, 500_000, 700_000], Predicted = [150_000, 250_000, 500_000, 700_000];

    [Test]
    public void OneTarget_IsReadInTheUnitsOfTheData([Values] NormalizationMode mode)
    {
        var data = Of(Prices, 1);
        var map = Normalization.FitTargets(data, mode);
        var normalised = map.ApplyToTargets(data);
        var predicted = map.Apply(new Table((double[])Predicted.Clone(), 1));
        double loss = Enumerable.Range(0, 4).Average(i => 0.5 * Math.Pow(predicted[i, 0] - normalised.Targets[i, 0], 2));
        var figures = new RegressionFigures(normalised);
        Assert.That(figures.HasUnitsOfData, Is.True);
        Assert.That(figures.Rmse(loss), Is.EqualTo(Math.Sqrt(2 * 50_000.0 * 50_000 / 4)).Within(1e-6));
        Assert.That(figures.Loss(loss), Is.EqualTo(0.5 * 2 * 50_000.0 * 50_000 / 4).Within(1e-3));
        Assert.That(figures.RSquared(loss), Is.EqualTo(1 - 2 * 2.5e9 / 2e11).Within(1e-12));
        Assert.That(map.Invert(normalised.Targets).ToArray(), Is.EqualTo(Prices).Within(1e-9).Percent);
    }

    [Test]
    public void TheMean_HasAnRSquaredOf0_AndPerfectionOneOf1()
    {
        var figures = new RegressionFigures(Of(Prices, 1));
        Assert.That(figures.RSquared(0.5 * 5e10), Is.EqualTo(0).Within(1e-12));
        Assert.That(figures.RSquared(0), Is.EqualTo(1));
        Assert.That(new RegressionFigures(Of([3, 3], 1)).RSquared(0), Is.NaN);
    }

    [Test]
    public void TargetsOfSeveralScales_HaveNoCommonUnit()
    {
        var data = Of([100_000, 1, 300_000, 2, 500_000, 3], 2);
        var figures = new RegressionFigures(Normalization.FitTargets(data, NormalizationMode.Standardize).ApplyToTargets(data));
        Assert.That((figures.HasUnitsOfData, figures.Unit), Is.EqualTo((false, 1.0)));
        Assert.That(figures.RSquared(1), Is.EqualTo(0).Within(1e-12), "a loss of ½ for each of two targets is that of their means");
        Assert.That(figures.Rmse(1), Is.EqualTo(1).Within(1e-12));
        Assert.That(new RegressionFigures(data).HasUnitsOfData, Is.True);
    }

    [Test]
    public void ConstantTarget_IsOnlyShifted_SoThatOthersOfItStayApart()
    {
        var map = Normalization.FitTargets(Of([5, 5], 1), NormalizationMode.Standardize);
        Assert.That(map.ApplyToTargets(Of([5, 7], 1)).Targets.ToArray(), Is.EqualTo(new[] { 0.0, 2 }));
    }

    [Test]
    public void NormalisedTargets_StayWithTheData()
    {
        var data = Of(Prices, 1);
        var map = Normalization.FitTargets(data, NormalizationMode.Standardize);
        var parts = map.ApplyToTargets(data).Split(2, 1, 1);
        Assert.That(new[] { parts.Train, parts.Validation, parts.Test! }.Select(part => part.TargetNormalization), Is.All.SameAs(map));
        Refusals.Configuration(() => map.ApplyToTargets(parts.Train),
            "The targets are normalized already; a map of a map could not be undone.");
    }

    [Test]
    public void Classes_AreNotNormalised() => Refusals.Configuration(
        () => Normalization.FitTargets(Digits.Generate(10), NormalizationMode.Standardize),
        "The targets are classes; only the numbers of a regression are normalized.");

    [Test]
    public void TargetsTooFarApart_AreRefused() => Assert.That(
        () => Normalization.FitTargets(Of([-1e308, 1e308], 1), NormalizationMode.Standardize),
        Throws.TypeOf<DataException>().With.Message.StartsWith("The targets, from -1E+308 to 1E+308, are too far apart"));

    private static Dataset Of(double[] targets, int columns) =>
        new(new Table(new double[targets.Length / columns], 1), new Table((double[])targets.Clone(), columns));
}
