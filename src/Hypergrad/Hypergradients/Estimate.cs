namespace Hypergrad.Hypergradients;

/// <summary>A mean over replicas with its standard error.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardError">The standard deviation over √replicas; NaN for a single replica, which shows no spread.</param>
public readonly record struct Estimate(double Mean, double StandardError)
{
    /// <summary>The estimate of some replicas' values.</summary>
    /// <param name="values">One for each replica, at least one.</param>
    public static Estimate Of(IReadOnlyCollection<double> values) => Of((ReadOnlySpan<double>)[.. values]);

    internal static Estimate Of(ReadOnlySpan<double> values)
    {
        double sum = 0, square = 0;
        foreach (double value in values)
            sum += value;
        double mean = sum / values.Length;
        foreach (double value in values)
            square += (value - mean) * (value - mean);
        return new(mean, values.Length < 2 ? double.NaN : Math.Sqrt(square / (values.Length - 1) / values.Length));
    }

    /// <inheritdoc/>
    public override string ToString() => double.IsNaN(StandardError) ? $"{Mean:G5}" : $"{Mean:G5} ± {StandardError:G2}";
}
