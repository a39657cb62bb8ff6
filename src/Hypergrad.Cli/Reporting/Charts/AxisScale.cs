namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>Places values between 0 and 1 along an axis, linearly or by their logarithm.</summary>
internal sealed class AxisScale
{
    /// <summary>Numbers beyond this are treated as infinite, so that no span overflows.</summary>
    private const double Largest = 1e300;

    private AxisScale(double minimum, double maximum, bool logarithmic, bool empty = false) =>
        (Minimum, Maximum, IsLogarithmic, IsEmpty) = (minimum, maximum, logarithmic, empty);

    public double Minimum { get; }

    public double Maximum { get; }

    public bool IsLogarithmic { get; }

    /// <summary>Whether there was no value to fit; the scale then runs from 0 to 1.</summary>
    public bool IsEmpty { get; }

    public static AxisScale Linear(double minimum, double maximum) => new(minimum, maximum, logarithmic: false);

    public static AxisScale Logarithm(double minimum, double maximum) => new(minimum, maximum, logarithmic: true);

    /// <summary>The scale that holds all values which can be drawn, with some air at both ends.</summary>
    /// <param name="values">Any numbers; those that cannot be drawn are passed over.</param>
    /// <param name="logarithmic">Asks for a logarithmic scale; without any positive value it becomes linear.</param>
    /// <param name="air">The share of the span left free at each end.</param>
    public static AxisScale Fit(IEnumerable<double> values, bool logarithmic, double air = 0.05)
    {
        double minimum = double.PositiveInfinity, maximum = double.NegativeInfinity, smallestPositive = double.PositiveInfinity;
        foreach (double value in values)
        {
            if (!IsDrawable(value)) continue;
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
            if (value > 0) smallestPositive = Math.Min(smallestPositive, value);
        }
        if (minimum > maximum) return new(0, 1, logarithmic: false, empty: true);
        return logarithmic && maximum > 0 ? FitLogarithm(smallestPositive, maximum, air) : FitLinear(minimum, maximum, air);
    }

    /// <summary>Where a value lies: 0 at the minimum, 1 at the maximum; NaN for a value that has no place on this scale.</summary>
    public double Position(double value)
    {
        if (!IsDrawable(value) || (IsLogarithmic && value <= 0)) return double.NaN;
        return IsLogarithmic
            ? (Math.Log10(value) - Math.Log10(Minimum)) / (Math.Log10(Maximum) - Math.Log10(Minimum))
            : (value - Minimum) / (Maximum - Minimum);
    }

    private static bool IsDrawable(double value) => double.IsFinite(value) && Math.Abs(value) <= Largest;

    private static AxisScale FitLinear(double minimum, double maximum, double air)
    {
        double span = maximum - minimum;
        double magnitude = Math.Max(Math.Abs(minimum), Math.Abs(maximum));
        // A span lost in rounding would put noise on the axis: draw the values as the constant they are.
        if (span <= magnitude * 1e-12) return Linear(minimum - Half(magnitude), maximum + Half(magnitude));
        // An axis that nearly reaches zero should show it: lengths then compare truly.
        double low = minimum >= 0 && minimum < 0.3 * maximum ? 0 : minimum - air * span;
        return Linear(low, maximum + air * span);

        static double Half(double magnitude) => magnitude == 0 ? 1 : 0.2 * magnitude;
    }

    private static AxisScale FitLogarithm(double minimum, double maximum, double air)
    {
        double ratio = maximum / minimum;
        double margin = ratio < 1 + 1e-9 ? 3 : Math.Pow(10, air * (Math.Log10(maximum) - Math.Log10(minimum)));
        return Logarithm(Math.Max(minimum / margin, double.Epsilon), maximum * margin);
    }
}
