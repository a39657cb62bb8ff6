using Hypergrad.Hyperparameters;

namespace Hypergrad.Hypergradients;

/// <summary>Means and standard errors of arrays over replicas.</summary>
internal static class ReplicaMean
{
    /// <summary>The mean of each entry, and its standard error; the latter is null for a single replica.</summary>
    public static (double[] Mean, double[]? StandardError) Of(IReadOnlyList<double[]> replicas)
    {
        if (replicas.Count == 1)
            return (replicas[0], null);
        // One replica after the other, as they lie in memory; each entry is summed as Estimate sums it.
        var (mean, error) = (new double[replicas[0].Length], new double[replicas[0].Length]);
        int count = replicas.Count;
        foreach (double[] values in replicas)
            for (int i = 0; i < mean.Length; i++)
                mean[i] += values[i];
        for (int i = 0; i < mean.Length; i++)
            mean[i] /= count;
        foreach (double[] values in replicas)
            for (int i = 0; i < mean.Length; i++)
                error[i] += (values[i] - mean[i]) * (values[i] - mean[i]);
        for (int i = 0; i < mean.Length; i++)
            error[i] = Math.Sqrt(error[i] / (count - 1) / count);
        return (mean, error);
    }

    /// <summary>The mean of each part, and its standard error; the latter is null for a single replica.</summary>
    public static (RawGradient Mean, RawGradient? StandardError) Of(IReadOnlyList<RawGradient> replicas)
    {
        if (replicas.Count == 1)
            return (replicas[0], null);
        var errors = new Dictionary<Quantity, double[]?>();
        var mean = RawGradient.Create(part =>
        {
            if (replicas[0][part] is null)
                return null;
            (double[] partMean, errors[part]) = Of([.. replicas.Select(replica => replica[part]!)]);
            return partMean;
        });
        return (mean, RawGradient.Create(part => errors.GetValueOrDefault(part)));
    }
}
