namespace Hypergrad.Data;

/// <summary>A class and how many examples it has.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Count">Its examples, possibly none.</param>
public sealed record ClassCount(string Name, int Count);
