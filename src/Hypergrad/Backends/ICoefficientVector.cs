namespace Hypergrad.Backends;

/// <summary>
/// A table of one number per step and group of a coefficient, [replicas × steps × groups]: where c̄ is gathered. It starts at zero.
/// </summary>
public interface ICoefficientVector : IDisposable
{
    /// <summary>Copies one replica's table out, [steps × groups].</summary>
    double[] ToArray(int replica);
}
