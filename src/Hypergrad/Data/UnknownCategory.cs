namespace Hypergrad.Data;

/// <summary>A category that an encoding has not learned, and in how many examples of a table it stands.</summary>
/// <param name="Column">The name of the column.</param>
/// <param name="Category">The category.</param>
/// <param name="Examples">How many examples have it, at least 1.</param>
public sealed record UnknownCategory(string Column, string Category, int Examples);
