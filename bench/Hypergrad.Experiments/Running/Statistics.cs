namespace Hypergrad.Experiments.Running;

/// <summary>What findings are decided by.</summary>
internal static class Statistics
{
    /// <summary>The middle value; NaN of none.</summary>
    public static double Median(double[] values) => values.Length == 0 ? double.NaN : values.Order().ElementAt(values.Length / 2);

    /// <summary>Pearson's correlation of two series; NaN of fewer than two values.</summary>
    public static double Correlation(double[] x, double[] y)
    {
        if (x.Length < 2)
            return double.NaN;
        double meanX = x.Average(), meanY = y.Average(), xy = 0, xx = 0, yy = 0;
        for (int i = 0; i < x.Length; i++)
        {
            xy += (x[i] - meanX) * (y[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        return xy / Math.Sqrt(xx * yy);
    }

    /// <summary>The cosine of the angle between two vectors.</summary>
    public static double Cosine(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double xy = x.Zip(y, (a, b) => a * b).Sum(), xx = x.Sum(a => a * a), yy = y.Sum(b => b * b);
        return xy / Math.Sqrt(xx * yy);
    }

    /// <summary>The F1 score of what was found against what was to be found.</summary>
    public static double F1(bool[] found, bool[] wanted)
    {
        int hits = found.Zip(wanted).Count(each => each.First && each.Second);
        return 2.0 * hits / (found.Count(each => each) + wanted.Count(each => each));
    }

    /// <summary>
    /// How much of a picture is structure: the correlation between neighbouring pixels, across and down. 0 for independent noise.
    /// </summary>
    /// <param name="values">Row by row.</param>
    /// <param name="width">Pixels in a row.</param>
    public static double NeighbourCorrelation(IReadOnlyList<double> values, int width)
    {
        var (first, second) = (new List<double>(), new List<double>());
        for (int i = 0; i < values.Count; i++)
        {
            if (i % width + 1 < width)
                Add(i, i + 1);
            if (i + width < values.Count)
                Add(i, i + width);
        }
        return Correlation([.. first], [.. second]);

        void Add(int i, int j)
        {
            first.Add(values[i]);
            second.Add(values[j]);
        }
    }
}
