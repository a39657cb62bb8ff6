using Hypergrad.Cli.Reporting;
using Hypergrad.Cli.Reporting.Charts;

namespace Hypergrad.Tests.Cli.Reporting;

[TestFixture]
public sealed class ColourMapTests
{
    private static double Lightness(ImagePalette palette, double place, bool onDark = false)
    {
        var (red, green, blue) = ColourMap.Colour(palette, place, onDark);
        return 0.2126 * Math.Pow(red / 255.0, 2.2) + 0.7152 * Math.Pow(green / 255.0, 2.2) + 0.0722 * Math.Pow(blue / 255.0, 2.2);
    }

    [Test]
    public void Lightness_OfPalettesWithoutAMiddle_Rises()
    {
        foreach (var palette in new[] { ImagePalette.Grayscale, ImagePalette.Sequential })
            Assert.That(Enumerable.Range(0, 65).Select(i => Lightness(palette, i / 64.0)), Is.Ordered.And.Unique, $"{palette}");
    }

    [Test]
    public void Lightness_OfTheDivergingPalette_RisesToTheMiddleAndFalls()
    {
        double[] lightness = [.. Enumerable.Range(0, 65).Select(i => Lightness(ImagePalette.Diverging, i / 64.0))];
        Assert.That(lightness[..33], Is.Ordered);
        Assert.That(lightness[32..], Is.Ordered.Descending);
    }

    [Test]
    public void Lightness_OfTheDivergingPalette_OnADarkPage_FallsToADarkMiddle()
    {
        double[] lightness = [.. Enumerable.Range(0, 65).Select(i => Lightness(ImagePalette.Diverging, i / 64.0, onDark: true))];
        Assert.That(lightness[..33], Is.Ordered.Descending);
        Assert.That(lightness[32..], Is.Ordered);
    }

    [Test]
    public void Paint_OfColours_TakesRedGreenAndBlueOfEachPixel() => Assert.That(
        ColourMap.Paint(ImagePalette.Colours, AxisScale.Linear(0, 2), [0, 1, 2, 3, -1, double.NaN]),
        Is.EqualTo(new byte[] { 0, 128, 255, 255, 255, 0, 0, 255 }));

    [Test]
    public void Paint_ClampsToTheEnds_AndLeavesWhatIsNotFiniteTransparent() => Assert.That(
        ColourMap.Paint(ImagePalette.Grayscale, AxisScale.Linear(0, 1), [-5, 7, double.NaN]),
        Is.EqualTo(new byte[] { 0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 0 }));

    [TestCase(false, 0, 0.0, -4, 4)]
    [TestCase(true, 0.1, 0.1, 0.0025, 4)]
    public void Scale_OfADivergingGroup_HasItsCentreInTheMiddle(bool logarithmic, double centre, double smallest, double low, double high)
    {
        var scale = ColourMap.ScaleOf(new("", "", ImagePalette.Diverging, [new("", 2, 1, [smallest, 4], [1, 1])])
        {
            Logarithmic = logarithmic,
            Centre = centre,
        });
        Assert.That(scale.Position(centre), Is.EqualTo(0.5).Within(1e-9));
        Assert.That((scale.Minimum, scale.Maximum), Is.EqualTo((low, high)).Within(1e-9));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Scale_OfManyValues_IsNotStretchedByAnOutlier(bool logarithmic)
    {
        double[] values = [.. Enumerable.Range(0, 784).Select(i => 1 + i / 784.0)];
        values[5] = 1e6;
        ImageGroup group = new("", "", ImagePalette.Sequential, [new("", 28, 28, values)]) { Logarithmic = logarithmic };
        var scale = ColourMap.ScaleOf(group);
        Assert.That(scale.Maximum, Is.InRange(1.9, 2.0));
        Assert.That(ColourMap.CountBeyond(group, scale), Is.InRange(1, 16));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Scale_WithoutOutliers_HoldsEveryValue(bool logarithmic)
    {
        double[] values = [.. Enumerable.Range(1, 784).Select(i => i / 100.0)];
        ImageGroup group = new("", "", ImagePalette.Diverging, [new("", 28, 28, values)]) { Logarithmic = logarithmic, Centre = 0.3 };
        Assert.That(ColourMap.CountBeyond(group, ColourMap.ScaleOf(group)), Is.Zero);
    }

    [Test]
    public void TheMiddleOfTheDivergingPalette_DoesNotGlare() =>
        Assert.That(Lightness(ImagePalette.Diverging, 0.5, onDark: true), Is.LessThan(0.05));

    [Test]
    public void Image_WithAMissingValue_IsRefused() => Assert.That(() => new ReportImage("unit 3", 28, 28, new double[783]),
        Throws.ArgumentException.With.Message.StartsWith("The image 'unit 3' of 28 × 28 pixels and 1 values each has 783 values."));
}
