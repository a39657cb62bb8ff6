namespace Hypergrad.Backends;

/// <summary>A vector whose norm is taken where it lies.</summary>
internal interface INormedVector : IVector
{
    /// <summary>Σ x_i² of one replica's numbers, in doubles.</summary>
    double SquaredNorm(int replica);
}
