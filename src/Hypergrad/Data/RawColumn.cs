namespace Hypergrad.Data;

/// <summary>A column of a <see cref="RawTable"/>.</summary>
/// <param name="Name">Its name in the file; its number, from 0, where the file has no names.</param>
/// <param name="Texts">The different texts in a column of text, in the order of appearance, which its entries count from 0; null for
/// numbers.</param>
/// <param name="MissingCount">How many entries are missing.</param>
public sealed record RawColumn(string Name, IReadOnlyList<string>? Texts, int MissingCount)
{
    /// <summary>Where the first missing entry stands, and what it is, for errors; null where none is missing.</summary>
    internal DataException? FirstMissing { get; init; }

    /// <summary>The numbers of the rows that have the texts first, as their positions gave them; empty for numbers and targets.</summary>
    internal IReadOnlyList<long> FirstRows { get; init; } = [];

    /// <summary>Whether it was said to be a category.</summary>
    internal bool IsChosenCategory { get; init; }
}
