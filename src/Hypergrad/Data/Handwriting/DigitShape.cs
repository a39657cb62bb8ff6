using System.Globalization;

namespace Hypergrad.Data.Handwriting;

/// <summary>
/// One way of writing one digit: the points that the pen passes through, in a box of 1 × 1 with the origin at the top left.
/// </summary>
internal sealed class DigitShape
{
    /// <summary>
    /// Reads the notation of <see cref="DigitShapes"/>: points "x,y" in hundredths of the box, separated by blanks; "!" after a point
    /// makes it a corner; "/" lifts the pen.
    /// </summary>
    public DigitShape(string notation)
    {
        var points = new List<Point>();
        bool starts = true;
        foreach (string word in notation.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word == "/")
            {
                starts = true;
                continue;
            }
            int comma = word.IndexOf(',', StringComparison.Ordinal);
            float x = float.Parse(word.AsSpan(0, comma), CultureInfo.InvariantCulture);
            float y = float.Parse(word.AsSpan(comma + 1).TrimEnd('!'), CultureInfo.InvariantCulture);
            points.Add(new Point(x / 100f, y / 100f, starts, word.EndsWith('!')));
            starts = false;
        }
        Points = [.. points];
    }

    /// <summary>The points of all strokes, in the order of writing.</summary>
    public Point[] Points { get; }

    /// <summary>A point the pen passes through.</summary>
    /// <param name="X">Rightwards, 0 to 1.</param>
    /// <param name="Y">Downwards, 0 to 1.</param>
    /// <param name="Starts">The pen is put down here.</param>
    /// <param name="Corner">The pen changes direction sharply here.</param>
    internal readonly record struct Point(float X, float Y, bool Starts, bool Corner);
}
