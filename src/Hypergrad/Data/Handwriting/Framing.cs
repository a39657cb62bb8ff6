using System.Runtime.InteropServices;

namespace Hypergrad.Data.Handwriting;

/// <summary>
/// Puts the writing into the picture as the MNIST digits are: scaled to a common size with its aspect kept, its centre of mass in the
/// middle; and then a little off.
/// </summary>
internal static class Framing
{
    // The larger side of the writing, pen included, in pixels.
    private const float Size = 19.5f;

    /// <summary>Scales and moves all the points, from any unit to pixels.</summary>
    /// <param name="curve">The points, of which <paramref name="starts"/> begin strokes.</param>
    /// <param name="starts">Where strokes start in <paramref name="curve"/>, in rising order, the first being 0.</param>
    /// <param name="side">The side of the square picture in pixels.</param>
    /// <param name="draws">Where the deviations in size and place come from.</param>
    public static void Fit(List<PenPoint> curve, List<int> starts, int side, ref Draws draws)
    {
        Span<PenPoint> points = CollectionsMarshal.AsSpan(curve);
        float left = points[0].X, right = left, top = points[0].Y, bottom = top;
        float massX = 0f, massY = 0f, mass = 1e-6f;
        int stroke = 0;
        for (int i = 0; i < points.Length; i++)
        {
            PenPoint point = points[i];
            (left, right) = (MathF.Min(left, point.X), MathF.Max(right, point.X));
            (top, bottom) = (MathF.Min(top, point.Y), MathF.Max(bottom, point.Y));
            if (stroke < starts.Count && starts[stroke] == i)
            {
                stroke++;
                continue;
            }
            float length = PenPoint.Distance(points[i - 1], point);
            mass += length;
            massX += length * 0.5f * (points[i - 1].X + point.X);
            massY += length * 0.5f * (points[i - 1].Y + point.Y);
        }
        float extent = MathF.Max(MathF.Max(right - left, bottom - top), 1e-3f);
        float scale = (Size - 2f * points[0].Radius) / extent * (1f + 0.06f * draws.Bell());
        float offsetX = 0.5f * side + 0.6f * draws.Bell() - scale * massX / mass;
        float offsetY = 0.5f * side + 0.6f * draws.Bell() - scale * massY / mass;
        foreach (ref PenPoint point in points)
            point = point with { X = scale * point.X + offsetX, Y = scale * point.Y + offsetY };
    }
}
