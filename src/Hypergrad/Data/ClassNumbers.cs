using System.Globalization;

namespace Hypergrad.Data;

/// <summary>Turns the numbers of classes into one-hot targets.</summary>
internal static class ClassNumbers
{
    /// <summary>The names "0", "1", … of classes that have none of their own.</summary>
    public static IReadOnlyList<string> Names(int classes) =>
        [.. Enumerable.Range(0, classes).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    /// <summary>[labels × classes], 1 in the label's column and 0 elsewhere.</summary>
    /// <exception cref="DataException">The table would be larger than an array can be.</exception>
    public static Table OneHot(ReadOnlySpan<double> labels, int classes, string path)
    {
        if ((long)labels.Length * classes > Array.MaxLength)
            throw new DataException($"{path}: {labels.Length} examples of {classes} classes are more than a table can hold; is this a "
                + "regression?");
        var targets = new float[labels.Length * classes];
        for (int i = 0; i < labels.Length; i++)
            targets[i * classes + (int)labels[i]] = 1;
        return new Table(targets, classes, "target");
    }
}
