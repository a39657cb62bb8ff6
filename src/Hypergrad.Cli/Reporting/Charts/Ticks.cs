namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>Chooses round values for an axis.</summary>
internal static class Ticks
{
    /// <summary>About as many round values of the scale as are wanted.</summary>
    /// <param name="scale">The axis.</param>
    /// <param name="wanted">How many ticks there is room for.</param>
    /// <param name="integers">Whether only whole numbers make sense, as for steps.</param>
    public static IReadOnlyList<Tick> For(AxisScale scale, int wanted, bool integers = false) =>
        scale.IsLogarithmic ? OfLogarithm(scale, wanted) : OfLinear(scale.Minimum, scale.Maximum, wanted, integers);

    private static List<Tick> OfLinear(double minimum, double maximum, int wanted, bool integers)
    {
        double step = RoundStep((maximum - minimum) / wanted);
        if (integers) step = Math.Max(1, step);
        double first = Math.Ceiling(minimum / step - 1e-9), last = Math.Floor(maximum / step + 1e-9);
        var values = new List<double>();
        // Counting by multiples keeps 0.30000000000000004 away.
        for (double multiple = first; multiple <= last; multiple++) values.Add(multiple * step);
        return values.ConvertAll(value => new Tick(value, TickLabel.Linear(value, step, Math.Max(Math.Abs(minimum), Math.Abs(maximum)))));
    }

    /// <summary>The smallest of 1, 2, 5 × a power of ten that is not less than a given step.</summary>
    private static double RoundStep(double raw)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        foreach (double factor in (ReadOnlySpan<double>)[1, 2, 5])
            if (factor * power >= raw * (1 - 1e-9)) return factor * power;
        return 10 * power;
    }

    private static List<Tick> OfLogarithm(AxisScale scale, int wanted)
    {
        double decades = Math.Log10(scale.Maximum) - Math.Log10(scale.Minimum);
        if (decades < 0.7) return OfLinear(scale.Minimum, scale.Maximum, wanted, integers: false);
        foreach (double[] factors in (double[][])[[1, 2, 5], [1, 3]])
        {
            if (decades * factors.Length <= wanted) return Multiples(scale, factors, stride: 1);
        }
        int stride = (int)Math.Max(1, RoundStep(decades / wanted));
        var powers = Multiples(scale, [1], stride);
        return powers.Count > 1 ? powers : Multiples(scale, [1, 3], stride: 1);
    }

    private static List<Tick> Multiples(AxisScale scale, double[] factors, int stride)
    {
        var ticks = new List<Tick>();
        int first = (int)Math.Floor(Math.Log10(scale.Minimum)), last = (int)Math.Ceiling(Math.Log10(scale.Maximum));
        for (int exponent = first - first % stride - stride; exponent <= last; exponent += stride)
        {
            foreach (double factor in factors)
            {
                double value = factor * Math.Pow(10, exponent);
                if (value >= scale.Minimum * (1 - 1e-9) && value <= scale.Maximum * (1 + 1e-9))
                    ticks.Add(new(value, TickLabel.Power(factor, exponent)));
            }
        }
        return ticks;
    }
}
