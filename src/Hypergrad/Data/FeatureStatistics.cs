namespace Hypergrad.Data;

/// <summary>Minimum, maximum, mean and variance of every column of a table, in double precision.</summary>
internal sealed class FeatureStatistics
{
    private FeatureStatistics(int columns)
    {
        Minimum = new double[columns];
        Maximum = new double[columns];
        Mean = new double[columns];
        Variance = new double[columns];
        Array.Fill(Minimum, double.PositiveInfinity);
        Array.Fill(Maximum, double.NegativeInfinity);
    }

    public double[] Minimum { get; }

    public double[] Maximum { get; }

    public double[] Mean { get; }

    /// <summary>The mean squared distance from the mean (divided by the number of rows).</summary>
    public double[] Variance { get; }

    /// <summary>Whether a column has the same value in every row; its variance may still be off zero by rounding.</summary>
    public bool IsConstant(int column) => Minimum[column] == Maximum[column];

    /// <summary>The columns that are constant, in order.</summary>
    public int[] ConstantFeatures() => [.. Enumerable.Range(0, Mean.Length).Where(IsConstant)];

    /// <summary>Two passes, the second over distances from the mean, which cancels nothing.</summary>
    public static FeatureStatistics Of(Table table)
    {
        var statistics = new FeatureStatistics(table.Columns);
        ForEachRow(table, statistics.AddToMean);
        Divide(statistics.Mean, table.Rows);
        ForEachRow(table, statistics.AddToVariance);
        Divide(statistics.Variance, table.Rows);
        return statistics;
    }

    private void AddToMean(ReadOnlySpan<double> row)
    {
        for (int i = 0; i < row.Length; i++)
        {
            Minimum[i] = Math.Min(Minimum[i], row[i]);
            Maximum[i] = Math.Max(Maximum[i], row[i]);
            Mean[i] += row[i];
        }
    }

    private void AddToVariance(ReadOnlySpan<double> row)
    {
        for (int i = 0; i < row.Length; i++)
            Variance[i] += (row[i] - Mean[i]) * (row[i] - Mean[i]);
    }

    private static void ForEachRow(Table table, Action<ReadOnlySpan<double>> add)
    {
        var row = new double[table.Columns];
        for (int i = 0; i < table.Rows; i++)
        {
            table.CopyRow<double>(i, row);
            add(row);
        }
    }

    private static void Divide(double[] sums, int count)
    {
        for (int i = 0; i < sums.Length; i++)
            sums[i] /= count;
    }
}
