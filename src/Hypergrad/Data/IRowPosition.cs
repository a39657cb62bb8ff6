namespace Hypergrad.Data;

/// <summary>Where the reader of a table is, for errors.</summary>
internal interface IRowPosition
{
    /// <summary>The number of the current row, as errors give it: a file's line, or a row.</summary>
    long Number { get; }

    /// <summary>An error at a field of the current row, named as precisely as the format can.</summary>
    /// <param name="field">The field's number in the file, from 0.</param>
    /// <param name="message">What is wrong.</param>
    DataException Error(int field, string message);
}
