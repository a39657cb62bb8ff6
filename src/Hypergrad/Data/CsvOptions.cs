namespace Hypergrad.Data;

/// <summary>How a CSV file is to be understood. The defaults fit a file whose last column is the target.</summary>
public sealed record CsvOptions
{
    /// <summary>
    /// Whether the first line names the columns; null finds out: it does when a target column is given by name, or when none of its input
    /// fields is a number, or when only its target field is text while the next line's is a number.
    /// </summary>
    public bool? HasHeader { get; init; }

    /// <summary>
    /// The target columns, each by its name in the header or by its number: 0 is the first column, −1 the last. A whole number is never
    /// taken for a name. Classification has one; regression may have several.
    /// </summary>
    public IReadOnlyList<string> TargetColumns { get; init; } = ["-1"];

    /// <summary>
    /// Whether the target is a class, which may be text, or numbers; null finds out. Several target columns are numbers, and so is one of
    /// nothing but numbers, unless they look like the codes of classes: whole numbers that leave no gap from 0 or 1 on, or at most 20
    /// different ones, some of them on several lines.
    /// </summary>
    public LearningTask? Task { get; init; }

    /// <summary>What separates the fields; null finds out which of comma, semicolon and tab the first line has most of.</summary>
    public char? Delimiter { get; init; }

    /// <summary>
    /// Whether numbers are kept in double precision. Single halves the memory and is what training in single precision uses anyway.
    /// </summary>
    public bool DoublePrecision { get; init; }

    /// <summary>The width of the picture when the inputs of a line are one, row by row; null when they are not.</summary>
    public int? ImageWidth { get; init; }
}
