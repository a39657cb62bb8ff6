namespace Hypergrad.Data.Handwriting;

/// <summary>
/// The smooth curve through given points: a cubic Hermite spline with finite-difference tangents over the chord lengths (a Catmull-Rom
/// spline with chordal parametrisation), its second derivative zero at both ends, so that a curve through two points is a straight line.
/// </summary>
internal static class Spline
{
    private const int MostPoints = 32;

    // A chord of no length would divide by zero; this is far below a pixel.
    private const float ShortestChord = 1e-4f;

    /// <summary>Adds points of the curve through <paramref name="knots"/> to a list, the first knot left out.</summary>
    /// <param name="knots">2 to 32 points.</param>
    /// <param name="spacing">About how far apart the added points are.</param>
    /// <param name="curve">Gets the points.</param>
    public static void Trace(ReadOnlySpan<PenPoint> knots, float spacing, List<PenPoint> curve)
    {
        int chords = knots.Length - 1;
        Span<float> length = stackalloc float[MostPoints];
        Span<PenPoint> slope = stackalloc PenPoint[MostPoints];
        Span<PenPoint> tangent = stackalloc PenPoint[MostPoints];
        for (int i = 0; i < chords; i++)
        {
            length[i] = MathF.Max(PenPoint.Distance(knots[i], knots[i + 1]), ShortestChord);
            slope[i] = 1f / length[i] * (knots[i + 1] - knots[i]);
        }
        for (int i = 1; i < chords; i++)
            tangent[i] = 1f / (length[i - 1] + length[i]) * (length[i - 1] * slope[i] + length[i] * slope[i - 1]);
        tangent[0] = chords == 1 ? slope[0] : 1.5f * slope[0] - 0.5f * tangent[1];
        tangent[chords] = chords == 1 ? slope[0] : 1.5f * slope[chords - 1] - 0.5f * tangent[chords - 1];
        for (int i = 0; i < chords; i++)
        {
            int pieces = 1 + (int)(length[i] / spacing);
            for (int piece = 1; piece <= pieces; piece++)
                curve.Add(Hermite(knots[i], knots[i + 1], length[i] * tangent[i], length[i] * tangent[i + 1], (float)piece / pieces));
        }
    }

    private static PenPoint Hermite(PenPoint from, PenPoint to, PenPoint fromTangent, PenPoint toTangent, float t)
    {
        float u = 1f - t;
        return u * u * (1f + 2f * t) * from + t * t * (1f + 2f * u) * to + t * u * u * fromTangent - t * t * u * toTangent;
    }
}
