namespace Hypergrad.Data;

/// <summary>How a column of a table becomes inputs.</summary>
/// <param name="Name">The column's name; its number, from 0, in a file without a header.</param>
/// <param name="Categories">
/// The texts that become one-hot inputs, one input each, in the order of their names; null for a column of numbers, which is one input.
/// </param>
/// <param name="Median">What stands in for missing numbers: the median of the column; null where it was not asked for.</param>
public sealed record InputColumn(string Name, IReadOnlyList<string>? Categories, double? Median)
{
    /// <summary>How many inputs it becomes.</summary>
    public int Size => Categories?.Count ?? 1;

    /// <summary>The names of these inputs: the column's, or <c>column=category</c>.</summary>
    public IEnumerable<string> InputNames => Categories?.Select(category => $"{Name}={category}") ?? [Name];
}
