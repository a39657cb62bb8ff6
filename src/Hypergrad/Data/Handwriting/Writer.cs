using System.Runtime.InteropServices;

namespace Hypergrad.Data.Handwriting;

/// <summary>
/// Writes one digit at a time. It keeps its buffers between digits but nothing of what it wrote; one writer serves one thread.
/// </summary>
internal sealed class Writer
{
    private const float Spacing = 0.06f;    // of the box: about a pixel
    private const float Jitter = 0.036f;    // standard deviation of a point's place, in units of the box
    private const float WarpStrength = 0.09f;
    private const float BreakProbability = 0.08f;

    private readonly Warp warp = new();
    private readonly List<PenPoint> knots = [], curve = [];
    private readonly List<int> starts = [];

    /// <summary>Writes a shape onto an empty picture.</summary>
    /// <param name="shape">What to write.</param>
    /// <param name="draws">Everything random about the digit comes from here.</param>
    /// <param name="pixels">[side × side], all 0; gets the ink.</param>
    /// <param name="side">The picture's width and height in pixels.</param>
    public void Write(DigitShape shape, ref Draws draws, Span<float> pixels, int side)
    {
        Place(shape, ref draws);
        Trace(shape);
        warp.Draw(ref draws, WarpStrength);
        var pose = new Pose(ref draws);
        foreach (ref PenPoint point in CollectionsMarshal.AsSpan(curve))
            point = pose.Apply(warp.Apply(point));
        Framing.Fit(curve, starts, side, ref draws);
        if (draws.Uniform() < BreakProbability)
            Interrupt(ref draws);

        var paper = new Paper(pixels, side);
        for (int i = 1; i < curve.Count; i++)
            if (!starts.Contains(i))
                paper.Line(curve[i - 1], curve[i]);
        paper.Blur(draws.Uniform(0.1f, 0.5f));
        paper.Dry(ref draws, grain: draws.Uniform(0f, 0.1f));
    }

    /// <summary>Puts the shape's points near their places, each with a width and a pressure near the digit's own.</summary>
    private void Place(DigitShape shape, ref Draws draws)
    {
        float radius = Math.Clamp(1.05f + 0.3f * draws.Bell(), 0.5f, 2.1f);
        float pressure = draws.Uniform(0.95f, 1.65f);
        knots.Clear();
        foreach (DigitShape.Point point in shape.Points)
            knots.Add(new(
                point.X + Jitter * draws.Bell(),
                point.Y + Jitter * draws.Bell(),
                radius * (1f + 0.14f * draws.Bell()),
                pressure + 0.1f * draws.Bell()));
    }

    /// <summary>Joins the points: a smooth curve from corner to corner, anew wherever the pen was lifted.</summary>
    private void Trace(DigitShape shape)
    {
        ReadOnlySpan<DigitShape.Point> points = shape.Points;
        ReadOnlySpan<PenPoint> places = CollectionsMarshal.AsSpan(knots);
        curve.Clear();
        starts.Clear();
        for (int from = 0; from < points.Length;)
        {
            if (points[from].Starts)
            {
                starts.Add(curve.Count);
                curve.Add(places[from]);
            }
            int to = from + 1;
            while (to < points.Length && !points[to].Starts && !points[to].Corner)
                to++;
            bool reachesCorner = to < points.Length && !points[to].Starts;
            int last = reachesCorner ? to : to - 1;
            if (last > from)
                Spline.Trace(places[from..(last + 1)], Spacing, curve);
            from = to;
        }
    }

    /// <summary>Lets the pen skip: around one place on the curve the ink fades to nothing, over one to two pixels on either side.</summary>
    private void Interrupt(ref Draws draws)
    {
        PenPoint gap = curve[draws.Below(curve.Count)];
        float length = draws.Uniform(1f, 2.2f);
        foreach (ref PenPoint point in CollectionsMarshal.AsSpan(curve))
            point = point with { Pressure = point.Pressure * MathF.Min(1f, PenPoint.Distance(point, gap) / length) };
    }
}
