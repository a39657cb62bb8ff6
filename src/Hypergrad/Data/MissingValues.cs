namespace Hypergrad.Data;

/// <summary>
/// What is done about entries of a table that are missing: fields that are empty, or NA, N/A, NaN, null or ?, in upper or lower case.
/// </summary>
public enum MissingValues
{
    /// <summary>The table is refused, with the columns and how many entries each lacks.</summary>
    Refuse,

    /// <summary>A number becomes the median of its column in the table that the encoding was learned from; a category none: all its inputs
    /// are 0. A target is never made up.</summary>
    Impute,

    /// <summary>Examples that lack anything are left out.</summary>
    Drop,
}
