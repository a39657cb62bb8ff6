namespace Hypergrad.Data;

/// <summary>A record of a CSV file that was read ahead.</summary>
/// <param name="Fields">Its fields.</param>
/// <param name="Raw">The record as it is written, with its line end.</param>
/// <param name="Line">The line on which it begins, from 1.</param>
internal sealed record CsvRecord(string[] Fields, string Raw, int Line);
