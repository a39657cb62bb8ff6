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
        double[][] all = [.. replicas];
        var values = new double[all.Length];
        var mean = new double[all[0].Length];
        var error = new double[mean.Length];
        for (int i = 0; i < mean.Length; i++)
        {
            for (int replica = 0; replica < all.Length; replica++)
                values[replica] = all[replica][i];
            (mean[i], error[i]) = Estimate.Of(values);
        }
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
