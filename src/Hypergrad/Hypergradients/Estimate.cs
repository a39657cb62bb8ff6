namespace Hypergrad.Hypergradients;

/// <summary>A mean over replicas with its standard error.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardError">The standard deviation over √replicas; NaN for a single replica, which shows no spread.</param>
public readonly record struct Estimate(double Mean, double StandardError)
{
    /// <summary>The estimate of some replicas' values.</summary>
    public static Estimate Of(IReadOnlyCollection<double> values)
    {
        double mean = values.Average();
        double square = values.Sum(value => (value - mean) * (value - mean));
        return new(mean, values.Count < 2 ? double.NaN : Math.Sqrt(square / (values.Count - 1) / values.Count));
    }

    /// <inheritdoc/>
    public override string ToString() => double.IsNaN(StandardError) ? $"{Mean:G5}" : $"{Mean:G5} ± {StandardError:G2}";
}
