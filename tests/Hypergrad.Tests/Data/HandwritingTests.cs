using Hypergrad.Data;
using Hypergrad.Data.Handwriting;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class HandwritingTests
{
    [Test]
    public void Shapes_AreSeveralPerDigitAndStayInTheirBox()
    {
        for (int digit = 0; digit < DigitShapes.Classes; digit++)
        {
            Assert.That(DigitShapes.Of(digit).Length, Is.GreaterThanOrEqualTo(5), $"ways of writing {digit}");
            foreach (DigitShape shape in DigitShapes.Of(digit))
            {
                DigitShape.Point[] points = shape.Points;
                Assert.That(points[0].Starts, Is.True);
                Assert.That(points, Has.Length.LessThanOrEqualTo(32), "a spline takes at most 32 points");
                for (int i = 0; i < points.Length; i++)
                {
                    Assert.That(points[i].X, Is.InRange(0f, 1f), $"x of point {i} of a {digit}");
                    Assert.That(points[i].Y, Is.InRange(0f, 1f), $"y of point {i} of a {digit}");
                    if (points[i].Starts)
                        Assert.That(i + 1 < points.Length && !points[i + 1].Starts, Is.True, $"point {i} of a {digit} is alone");
                }
            }
        }
    }

    [Test]
    public void Notation_TellsCornersAndStrokes()
    {
        DigitShape.Point[] points = new DigitShape("10,20 30,40! 50,60 / 70,80 90,100").Points;
        Assert.That(points, Is.EqualTo(new DigitShape.Point[]
        {
            new(0.1f, 0.2f, true, false), new(0.3f, 0.4f, false, true), new(0.5f, 0.6f, false, false),
            new(0.7f, 0.8f, true, false), new(0.9f, 1f, false, false),
        }));
    }

    [Test]
    public void Bell_HasMeanZeroAndVarianceOne()
    {
        var draws = new Draws(new Philox(3));
        double[] numbers = [.. Enumerable.Range(0, 200_000).Select(_ => (double)draws.Bell())];
        Assert.That(numbers.Average(), Is.EqualTo(0).Within(0.01));
        Assert.That(numbers.Sum(x => x * x) / numbers.Length, Is.EqualTo(1).Within(0.02));
        Assert.That(numbers.Max(Math.Abs), Is.LessThan(3.4642));
    }

    [Test]
    public void Below_TakesEveryValueEquallyOften()
    {
        var draws = new Draws(new Philox(4));
        var counts = new int[7];
        for (int i = 0; i < 70_000; i++)
            counts[draws.Below(7)]++;
        Assert.That(counts, Is.All.InRange(9_500, 10_500));
    }

    [Test]
    public void Spline_PassesThroughItsKnots()
    {
        PenPoint[] knots = [new(0f, 0f, 1f, 1f), new(0.3f, 0.1f, 2f, 0.5f), new(0.4f, 0.6f, 1f, 1f), new(0.1f, 0.7f, 1.5f, 0.8f)];
        var curve = new List<PenPoint>();
        Spline.Trace(knots, 0.05f, curve);
        foreach (PenPoint knot in knots[1..])
            Assert.That(curve.Min(point => PenPoint.Distance(point, knot) + Math.Abs(point.Radius - knot.Radius)), Is.LessThan(1e-5f));
        for (int i = 1; i < curve.Count; i++)
            Assert.That(PenPoint.Distance(curve[i - 1], curve[i]), Is.LessThan(0.1f), $"step {i}");
    }

    [Test]
    public void Spline_ThroughTwoKnots_IsStraight()
    {
        var curve = new List<PenPoint>();
        Spline.Trace([new(0f, 0f, 1f, 1f), new(0.5f, 1f, 1f, 1f)], 0.1f, curve);
        Assert.That(curve.Select(point => point.Y - 2f * point.X), Is.All.EqualTo(0f).Within(1e-6f));
    }

    [Test]
    public void Warp_MovesPointsByItsStrength()
    {
        var warp = new Warp();
        var draws = new Draws(new Philox(6));
        warp.Draw(ref draws, 0f);
        var point = new PenPoint(0.3f, 0.8f, 1f, 1f);
        Assert.That(warp.Apply(point), Is.EqualTo(point));
        warp.Draw(ref draws, 0.1f);
        Assert.That(PenPoint.Distance(warp.Apply(point), point), Is.InRange(1e-4f, 0.3f));
    }

    [Test]
    public void Line_CoversHalfOfAPixelOnItsEdge()
    {
        var pixels = new float[8 * 8];
        new Paper(pixels, 8).Line(new(1.5f, 4f, 1f, 1f), new(6.5f, 4f, 1f, 1f));
        // The line covers the rows between y = 3 and y = 5: centres at a distance of 0.5 are inside, those at 1.5 just outside.
        Assert.That(new[] { pixels[2 * 8 + 4], pixels[3 * 8 + 4], pixels[4 * 8 + 4], pixels[5 * 8 + 4] }, Is.EqualTo([0f, 1f, 1f, 0f]));
        Array.Clear(pixels);
        new Paper(pixels, 8).Line(new(1.5f, 4f, 1.5f, 1f), new(6.5f, 4f, 1.5f, 1f));
        Assert.That(pixels[2 * 8 + 4], Is.EqualTo(0.5f).Within(1e-6f));
    }

    [Test]
    public void Line_BeyondThePicture_IsCutOff()
    {
        var pixels = new float[8 * 8];
        new Paper(pixels, 8).Line(new(-20f, 3.5f, 1f, 1f), new(40f, 3.5f, 1f, 1f));
        Assert.That(pixels[(3 * 8)..(4 * 8)], Is.All.EqualTo(1f));
        Assert.That(pixels[..8].Concat(pixels[56..]), Is.All.EqualTo(0f));
    }

    [Test]
    public void Blur_KeepsTheInkAndSpreadsIt()
    {
        var pixels = new float[8 * 8];
        pixels[3 * 8 + 3] = 1f;
        new Paper(pixels, 8).Blur(1f);
        Assert.That(pixels.Sum(), Is.EqualTo(1f).Within(1e-6f));
        Assert.That((pixels[3 * 8 + 3], pixels[3 * 8 + 4], pixels[4 * 8 + 4]), Is.EqualTo((0.25f, 0.125f, 0.0625f)));
    }

    [Test]
    public void Writer_KeepsNothingOfWhatItWrote()
    {
        DigitShape seven = DigitShapes.Of(7)[1], eight = DigitShapes.Of(8)[1];
        var used = new Writer();
        Write(used, seven, stream: 1);    // in two strokes: the second must not cut the eight
        Assert.That(Write(used, eight, stream: 2), Is.EqualTo(Write(new Writer(), eight, stream: 2)));
    }

    private static float[] Write(Writer writer, DigitShape shape, ulong stream)
    {
        var pixels = new float[28 * 28];
        var draws = new Draws(new Philox(8, stream));
        writer.Write(shape, ref draws, pixels, 28);
        return pixels;
    }
}
