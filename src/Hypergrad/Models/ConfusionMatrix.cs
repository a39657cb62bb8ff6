using System.Globalization;

namespace Hypergrad.Models;

/// <summary>How often each class was predicted where each class was right.</summary>
public sealed class ConfusionMatrix
{
    private readonly long[,] counts;

    internal ConfusionMatrix(int classes, IReadOnlyList<string>? names)
    {
        counts = new long[classes, classes];
        Names = names ?? [.. Enumerable.Range(0, classes).Select(number => number.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>How many predictions there are.</summary>
    public long Total { get; private set; }

    /// <summary>How often one class was predicted where another, or itself, was right.</summary>
    /// <param name="right">The right class.</param>
    /// <param name="predicted">The predicted one.</param>
    public long this[int right, int predicted] => counts[right, predicted];

    /// <summary>The fraction of predictions that are right.</summary>
    public double Accuracy => Enumerable.Range(0, Names.Count).Sum(number => counts[number, number]) / (double)Total;

    /// <summary>How often a class was right.</summary>
    public long CountOf(int right) => Enumerable.Range(0, Names.Count).Sum(predicted => counts[right, predicted]);

    /// <summary>The fraction of a class that was predicted as it; NaN where it was never right.</summary>
    public double Recall(int right) => counts[right, right] / (double)CountOf(right);

    /// <summary>The fraction of a class's predictions that are right; NaN where it was never predicted.</summary>
    public double Precision(int predicted) =>
        counts[predicted, predicted] / (double)Enumerable.Range(0, Names.Count).Sum(right => counts[right, predicted]);

    internal void Add(int right, int predicted)
    {
        counts[right, predicted]++;
        Total++;
    }
}
