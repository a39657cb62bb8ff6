using System.Text;
using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>Turns curves and bands into SVG path data, broken where a value cannot be drawn.</summary>
internal static class CurvePath
{
    /// <summary>
    /// The lines between neighbouring points. A point without neighbours becomes a dot through the round cap of a line of no length.
    /// </summary>
    public static string Line(PlotFrame frame, IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var path = new StringBuilder();
        foreach (var (start, end) in Segments(y.Count, i => frame.Y(y[i])))
        {
            for (int i = start; i < end; i++) Append(path, i == start ? 'M' : 'L', frame.X(x[i]), frame.Y(y[i]));
            if (end == start + 1) path.Append("h0");
        }
        return path.ToString();
    }

    /// <summary>Dots without lines.</summary>
    public static string Dots(PlotFrame frame, IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var path = new StringBuilder();
        for (int i = 0; i < y.Count; i++)
        {
            if (double.IsNaN(frame.Y(y[i]))) continue;
            Append(path, 'M', frame.X(x[i]), frame.Y(y[i]));
            path.Append("h0");
        }
        return path.ToString();
    }

    /// <summary>The closed region between two curves.</summary>
    public static string Band(PlotFrame frame, IReadOnlyList<double> x, IReadOnlyList<double> lower, IReadOnlyList<double> upper)
    {
        var path = new StringBuilder();
        foreach (var (start, end) in Segments(x.Count, i => frame.ClampedY(lower[i]) + frame.ClampedY(upper[i])))
        {
            // A band over a single step still needs a width to be seen.
            double half = end == start + 1 ? 2 : 0;
            for (int i = start; i < end; i++) Append(path, i == start ? 'M' : 'L', frame.X(x[i]) - half, frame.ClampedY(upper[i]));
            for (int i = end - 1; i >= start; i--) Append(path, 'L', frame.X(x[i]) - half, frame.ClampedY(lower[i]));
            if (half > 0)
            {
                Append(path, 'L', frame.X(x[start]) + half, frame.ClampedY(lower[start]));
                Append(path, 'L', frame.X(x[start]) + half, frame.ClampedY(upper[start]));
            }
            path.Append('Z');
        }
        return path.ToString();
    }

    private static IEnumerable<(int Start, int End)> Segments(int count, Func<int, double> position)
    {
        int start = -1;
        for (int i = 0; i <= count; i++)
        {
            bool drawable = i < count && double.IsFinite(position(i));
            if (drawable && start < 0) start = i;
            if (drawable || start < 0) continue;
            yield return (start, i);
            start = -1;
        }
    }

    private static void Append(StringBuilder path, char command, double x, double y) =>
        path.Append(command).Append(Numbers.Coordinate(x)).Append(' ').Append(Numbers.Coordinate(y));
}
