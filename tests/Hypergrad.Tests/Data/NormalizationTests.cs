using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class NormalizationTests
{
    // Three features: one that varies, one that is constant, one that varies elsewhere.
    private static readonly Dataset Train = Make([1, 5, -10, 2, 5, 0, 3, 5, 10]);
    private static readonly Dataset Other = Make([9, 7, 30]);

    [Test]
    public void None_ChangesNothing() => AssertMaps(NormalizationMode.None, [1, 5, -10, 2, 5, 0, 3, 5, 10], [9, 7, 30]);

    [Test]
    public void UnitRange_TakesTheWholeTrainingSetToZeroAndOne() =>
        AssertMaps(NormalizationMode.UnitRange, [0.55, 0.75, 0, 0.6, 0.75, 0.5, 0.65, 0.75, 1], [0.95, 0.85, 2]);

    [Test]
    public void Center_TakesEachMeanToZero() => AssertMaps(NormalizationMode.Center, [-1, 0, -10, 0, 0, 0, 1, 0, 10], [7, 2, 30]);

    [Test]
    public void Standardize_TakesEachMeanToZeroAndVarianceToOne_AndConstantsToZero()
    {
        double unit = Math.Sqrt(1.5);
        AssertMaps(NormalizationMode.Standardize, [-unit, 0, -unit, 0, 0, 0, unit, 0, unit], [7 * unit, 0, 3 * unit]);
    }

    [TestCase(NormalizationMode.None)]
    [TestCase(NormalizationMode.UnitRange)]
    [TestCase(NormalizationMode.Standardize)]
    [TestCase(NormalizationMode.Center)]
    public void Invert_GivesTheTrainingInputsBack(NormalizationMode mode)
    {
        var normalization = Normalization.Fit(Train, mode);
        Close.AssertWithin(normalization.Invert(normalization.Apply(Train.Inputs)).ToArray(), Train.Inputs.ToArray(), 1e-12, "inputs");
    }

    [Test]
    public void ConstantFeatures_AreReported()
    {
        var normalization = Normalization.Fit(Train, NormalizationMode.Standardize);
        Assert.That(normalization.ConstantFeatures, Is.EqualTo(new[] { 1 }));
        Assert.That((normalization.Shift[1], normalization.Scale[1]), Is.EqualTo((5.0, 0.0)));
    }

    [Test]
    public void ConstantThatNoMeanHitsExactly_StaysZero()
    {
        var train = new Dataset(new Table([.. Enumerable.Repeat(0.1, 1000)], 1), new Table(new double[1000], 1));
        Assert.That(Normalization.Fit(train, NormalizationMode.Standardize).Apply(train).Inputs.ToArray(), Is.All.Zero);
    }

    [Test]
    public void SpreadTooSmallToUndo_CountsAsNone()
    {
        var train = new Dataset(new Table([0, double.Epsilon], 1), new Table(new double[2], 1));
        foreach (var mode in new[] { NormalizationMode.Standardize, NormalizationMode.UnitRange })
            Assert.That(Normalization.Fit(train, mode).Apply(train).Inputs.ToArray(), Is.All.Zero);
    }

    [Test]
    public void Apply_KeepsPrecisionTargetsWidthAndClasses()
    {
        var single = new Dataset(new Table([1f, 2f], 1), new Table([1f, 0f, 0f, 1f], 2)) { ImageWidth = 1, ClassNames = ["a", "b"] };
        var mapped = Normalization.Fit(single, NormalizationMode.Center).Apply(single);
        Assert.That((mapped.Inputs.IsDouble, mapped.ImageWidth, mapped.ClassNames),
            Is.EqualTo((false, (int?)1, (IReadOnlyList<string>)["a", "b"])));
        Assert.That(mapped.Targets, Is.SameAs(single.Targets));
        Assert.That(mapped.Inputs.ToArray(), Is.EqualTo(new[] { -0.5, 0.5 }));
        Assert.That(Normalization.Fit(Train, NormalizationMode.Center).Apply(Train).Inputs.IsDouble, Is.True);
    }

    [Test]
    public void OtherInputSize_IsRefused() => Assert.That(
        () => Normalization.Fit(Train, NormalizationMode.Center).Apply(new Table([1.0, 2], 2)),
        Throws.TypeOf<DataException>().With.Message.EqualTo("The normalization was fitted to 3 features; these inputs have 2."));

    [Test]
    public void InputsTooFarApart_AreRefused() => Assert.That(
        () => Normalization.Fit(Make([1e308, 0, -1e308]), NormalizationMode.UnitRange),
        Throws.TypeOf<DataException>().With.Message.EqualTo("The inputs, from -1E+308 to 1E+308, are too far apart to be normalized."));

    [Test]
    public void UnknownMode_IsRefused() => Assert.That(
        () => Normalization.Fit(Train, (NormalizationMode)9),
        Throws.TypeOf<ConfigurationException>().With.Message.EqualTo("There is no normalization 9; there are None, UnitRange, "
            + "Standardize, Center."));

    private static void AssertMaps(NormalizationMode mode, double[] train, double[] other)
    {
        var normalization = Normalization.Fit(Train, mode);
        Close.AssertWithin(normalization.Apply(Train).Inputs.ToArray(), train, 1e-12, "training inputs");
        Close.AssertWithin(normalization.Apply(Other).Inputs.ToArray(), other, 1e-12, "other inputs");
    }

    private static Dataset Make(double[] inputs) => new(new Table(inputs, 3), new Table(new double[inputs.Length / 3], 1));
}
