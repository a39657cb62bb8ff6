namespace Hypergrad.Data;

/// <summary>How a CSV file is to be understood. The defaults fit a file whose last column is the target.</summary>
public sealed record CsvOptions : TableOptions
{
    /// <summary>
    /// Whether the first line names the columns; null finds out: it does when a column is given by name, or when none of its input
    /// fields is a number, or when only its target field is text while the next line's is a number.
    /// </summary>
    public bool? HasHeader { get; init; }

    /// <summary>What separates the fields; null finds out which of comma, semicolon and tab the first line has most of.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether decimals are written with a comma, as in 3,14; the fields are then separated by something else.</summary>
    public bool DecimalComma { get; init; }

    /// <summary>
    /// Whether thousands are separated, in groups of three throughout: by commas, as in 1,250,000.5, or, with <see cref="DecimalComma"/>,
    /// by points, as in 1.250.000,5. Numbers without separators are read as well.
    /// </summary>
    public bool Thousands { get; init; }
}
