using Hypergrad.Data;

namespace Hypergrad.Hyperparameters;

/// <summary>
/// The standard normal numbers z that an initial scale turns into initial weights, w₀ = scale ∘ z; one stream per seed and replica.
/// </summary>
internal static class InitialNoise
{
    /// <summary>
    /// Fills a span with z of the weights from <paramref name="start"/> on; the same numbers however the weights are cut.
    /// </summary>
    public static void Fill(ulong seed, int replica, int start, Span<double> destination) =>
        new Philox(seed, RandomStreams.Of(RandomStreams.InitialWeights, replica)).Normal(destination, (ulong)start);
}
