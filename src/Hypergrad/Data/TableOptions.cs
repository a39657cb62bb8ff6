namespace Hypergrad.Data;

/// <summary>
/// How a table with named columns is to be understood, whatever file it is in. Columns are given by name or by number: 0 is the first
/// column, −1 the last. A whole number is never taken for a name.
/// </summary>
public record TableOptions
{
    /// <summary>The target columns. Classification has one; regression may have several. The default is the last column.</summary>
    public IReadOnlyList<string> TargetColumns { get; init; } = ["-1"];

    /// <summary>The input columns, in the order in which the inputs are to be; null for all columns that are neither targets nor
    /// ignored.</summary>
    public IReadOnlyList<string>? InputColumns { get; init; }

    /// <summary>Columns that are left alone: numbers of rows, names, dates.</summary>
    public IReadOnlyList<string> IgnoredColumns { get; init; } = [];

    /// <summary>
    /// Input columns that are categories although they hold numbers, such as postal codes. Columns of text are categories by themselves.
    /// </summary>
    public IReadOnlyList<string> CategoryColumns { get; init; } = [];

    /// <summary>
    /// Whether the target is a class, which may be text, or numbers; null finds out. Several target columns are numbers, and so is one of
    /// nothing but numbers, unless they look like the codes of classes: whole numbers that leave no gap from 0 or 1 on, or at most 20
    /// different ones, some of them in several rows.
    /// </summary>
    public LearningTask? Task { get; init; }

    /// <summary>What is done about missing entries.</summary>
    public MissingValues Missing { get; init; }

    /// <summary>What is done about a category that no example has that was learned from.</summary>
    public UnknownCategories UnknownCategories { get; init; }

    /// <summary>
    /// Whether numbers are kept in double precision. Single halves the memory and is what training in single precision uses anyway.
    /// </summary>
    public bool DoublePrecision { get; init; }

    /// <summary>The width of the picture when the inputs of a row are one, row by row; null when they are not.</summary>
    public int? ImageWidth { get; init; }

    /// <summary>Whether input columns that are not said to be categories hold numbers, as an encoding that was learned knows.</summary>
    internal bool OthersAreNumbers { get; init; }
}
