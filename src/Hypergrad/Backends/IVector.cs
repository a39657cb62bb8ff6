namespace Hypergrad.Backends;

/// <summary>A vector of one number per weight, [replicas × weights], living where the session computes. It starts at zero.</summary>
public interface IVector : IDisposable
{
    /// <summary>Copies one replica's numbers out.</summary>
    /// <param name="replica">Which of the runs trained side by side.</param>
    /// <param name="destination">Room for the numbers, [weights]; what is beyond is left as it is.</param>
    /// <exception cref="ArgumentException">The room is too small.</exception>
    void CopyTo(int replica, Span<double> destination);

    internal static void Check(Span<double> destination, int count)
    {
        if (destination.Length < count)
            throw new ArgumentException(
                $"The vector has {count} numbers, and there is room for {destination.Length}.", nameof(destination));
    }
}
