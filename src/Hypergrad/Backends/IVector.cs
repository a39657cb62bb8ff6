namespace Hypergrad.Backends;

/// <summary>A vector of one number per weight, [replicas × weights], living where the session computes. It starts at zero.</summary>
public interface IVector : IDisposable
{
    /// <summary>Copies one replica's numbers out, [weights].</summary>
    void CopyTo(int replica, Span<double> destination);
}
