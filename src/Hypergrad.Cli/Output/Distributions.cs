using Hypergrad.Cli.Reporting;
using Hypergrad.Cli.Reporting.Charts;

namespace Hypergrad.Cli.Output;

/// <summary>Sums up very many values: bins, quantiles, extremes, means of classes.</summary>
internal static class Distributions
{
    private const int Bins = 48, Extremes = 10;

    private static readonly (string Name, double Order)[] Orders =
    [
        ("lowest", 0), ("1 % are lower", 0.01), ("10 %", 0.1), ("25 %", 0.25), ("median", 0.5), ("75 %", 0.75), ("90 %", 0.9),
        ("99 %", 0.99), ("highest", 1),
    ];

    /// <param name="title">What they are.</param>
    /// <param name="quantity">What the axis measures.</param>
    /// <param name="logarithmic">Whether ratios count; values that are not positive then make the axis linear.</param>
    /// <param name="values">The values, at least one.</param>
    /// <param name="classOf">The class of a value by its place; null where they have none.</param>
    public static ValueDistribution Of(
        string title, string quantity, bool logarithmic, ValueChange[] values, Func<int, string>? classOf)
    {
        double[] before = [.. values.Select(value => value.Before)], after = [.. values.Select(value => value.After)];
        logarithmic = logarithmic && before.Concat(after).All(value => value > 0);
        double[] edges = EdgesOf([.. before, .. after], logarithmic);
        ValueChange[] sorted = [.. values.OrderBy(value => value.After)];
        return new(title, quantity, logarithmic, values.Length, edges, CountsOf(after, edges))
        {
            Before = CountsOf(before, edges),
            Lowest = sorted[..Math.Min(Extremes, sorted.Length)],
            Highest = [.. sorted.Reverse().Take(Extremes)],
            Quantiles = [.. Orders.Select(order =>
                new ValueChange(order.Name, Quantiles.Of(before, order.Order), Quantiles.Of(after, order.Order)))],
            ClassMeans = classOf is null ? [] : [.. values.Select((value, i) => (Value: value, Class: classOf(i)))
                .GroupBy(entry => entry.Class).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new ValueChange(
                    group.Key, group.Average(entry => entry.Value.Before), group.Average(entry => entry.Value.After)))],
        };
    }

    private static double[] EdgesOf(double[] values, bool logarithmic)
    {
        double low = values.Min(), high = values.Max();
        // Values that are all alike have a bin in the middle.
        double room = high > low ? 0 : logarithmic ? 1.5 : Math.Max(Math.Abs(low) / 2, 1e-9);
        if (room > 0)
            (low, high) = logarithmic ? (low / room, high * room) : (low - room, high + room);
        return [.. Enumerable.Range(0, Bins + 1).Select(i => i == 0 ? low : i == Bins ? high
            : logarithmic ? low * Math.Pow(high / low, i / (double)Bins) : low + (high - low) * i / Bins)];
    }

    private static int[] CountsOf(double[] values, double[] edges)
    {
        var counts = new int[edges.Length - 1];
        foreach (double value in values)
        {
            int place = Array.BinarySearch(edges, value);
            counts[Math.Clamp(place >= 0 ? place : ~place - 1, 0, counts.Length - 1)]++;
        }
        return counts;
    }
}
