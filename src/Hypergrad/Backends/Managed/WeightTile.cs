using Hypergrad.Networks;

namespace Hypergrad.Backends.Managed;

/// <summary>
/// A stretch of weights within one tensor: what one worker takes at a time. The tiling depends on the network alone, so that sums over
/// tiles come out the same whatever the number of threads.
/// </summary>
/// <param name="Tensor">The tensor's place in <see cref="Network.Tensors"/>.</param>
/// <param name="Start">The first weight.</param>
/// <param name="Count">How many weights.</param>
/// <param name="Within">The first weight's place in its tensor.</param>
internal readonly record struct WeightTile(int Tensor, int Start, int Count, int Within)
{
    /// <summary>The most weights in a tile.</summary>
    public const int Largest = 8192;

    /// <summary>Weights of a network whose tiles are that large: they come from memory, which is read better in long stretches.</summary>
    private const int ManyWeights = 1 << 20;

    /// <summary>All tiles of a network, in order.</summary>
    public static WeightTile[] Of(Network network)
    {
        int largest = network.ParameterCount < ManyWeights ? Largest / 2 : Largest;
        var tiles = new List<WeightTile>();
        for (int t = 0; t < network.Tensors.Count; t++)
        {
            var tensor = network.Tensors[t];
            for (int within = 0; within < tensor.Count; within += largest)
                tiles.Add(new(t, tensor.Offset + within, Math.Min(largest, tensor.Count - within), within));
        }
        return [.. tiles];
    }
}
