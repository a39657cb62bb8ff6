namespace Hypergrad.Models;

/// <summary>A tensor of single-precision numbers with its name.</summary>
/// <param name="Name">The name, unique in its file.</param>
/// <param name="Sizes">The sizes, each at least 1.</param>
/// <param name="Values">As many as the product of the sizes, row-major.</param>
internal sealed record NamedTensor(string Name, int[] Sizes, float[] Values);
