namespace Hypergrad.Experiments.Papers;

/// <summary>
/// Alphabets that stand in where no folder is given: a character is a few strokes between random points, and each drawer moves the points.
/// </summary>
internal static class GeneratedAlphabets
{
    private const double DrawerSpread = 0.06, PenWidth = 0.05;
    private const int PointsPerStroke = 3;

    /// <summary>Draws alphabets.</summary>
    /// <param name="count">How many.</param>
    /// <param name="characters">Characters of each.</param>
    /// <param name="drawers">Pictures of each character.</param>
    /// <param name="side">Pixels a side.</param>
    /// <param name="seed">Of the strokes.</param>
    public static Alphabet[] Make(int count, int characters, int drawers, int side, ulong seed)
    {
        var random = new Random(unchecked((int)seed));
        return [.. Enumerable.Range(1, count).Select(number => new Alphabet($"alphabet {number}", Characters(random, 2 + number % 2)))];

        float[][][] Characters(Random random, int strokes) => [.. Enumerable.Range(0, characters).Select(_ =>
        {
            var points = Points(random, strokes * PointsPerStroke, 0.15, 0.85);
            return Enumerable.Range(0, drawers).Select(_ => Draw(Moved(points, random), side)).ToArray();
        })];
    }

    private static (double X, double Y)[] Points(Random random, int count, double low, double high) =>
        [.. Enumerable.Range(0, count).Select(_ => (Between(random, low, high), Between(random, low, high)))];

    private static (double X, double Y)[] Moved((double X, double Y)[] points, Random random) => [.. points.Select(point =>
        (point.X + Between(random, -DrawerSpread, DrawerSpread), point.Y + Between(random, -DrawerSpread, DrawerSpread)))];

    private static double Between(Random random, double low, double high) => low + (high - low) * random.NextDouble();

    // Ink falls off with the distance from the nearest stroke.
    private static float[] Draw((double X, double Y)[] points, int side) => [.. Enumerable.Range(0, side * side).Select(pixel =>
    {
        double x = (pixel % side + 0.5) / side, y = (pixel / side + 0.5) / side, nearest = double.PositiveInfinity;
        for (int i = 0; i + 1 < points.Length; i++)
            if (i % PointsPerStroke != PointsPerStroke - 1)
                nearest = Math.Min(nearest, Distance(points[i], points[i + 1], x, y));
        return (float)Math.Exp(-nearest * nearest / (2 * PenWidth * PenWidth));
    })];

    private static double Distance((double X, double Y) from, (double X, double Y) to, double x, double y)
    {
        double dx = to.X - from.X, dy = to.Y - from.Y;
        double along = Math.Clamp(((x - from.X) * dx + (y - from.Y) * dy) / (dx * dx + dy * dy + 1e-12), 0, 1);
        return Math.Sqrt(Math.Pow(from.X + along * dx - x, 2) + Math.Pow(from.Y + along * dy - y, 2));
    }
}
