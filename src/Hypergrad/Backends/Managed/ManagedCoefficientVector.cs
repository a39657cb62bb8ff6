using Hypergrad.Hyperparameters;

namespace Hypergrad.Backends.Managed;

/// <summary>
/// Where the gradient of a coefficient is gathered: each tile sums by itself, and the sums are added in the order of the tiles.
/// </summary>
internal sealed class ManagedCoefficientVector : ICoefficientVector
{
    private readonly WeightGrouping grouping;
    private readonly WeightTile[] tiles;
    private readonly TileWork work;
    private readonly int steps, stride;
    private readonly int[] starts;
    private readonly double[] values, partial;

    public ManagedCoefficientVector(WeightGrouping grouping, WeightTile[] tiles, TileWork work, int steps, int replicas)
    {
        (this.grouping, this.tiles, this.work, this.steps) = (grouping, tiles, work, steps);
        starts = new int[tiles.Length];
        foreach (var (index, tile) in tiles.Index())
        {
            starts[index] = stride;
            stride += grouping.Pattern(tile.Tensor).Period;
        }
        values = new double[(long)replicas * steps * grouping.Count];
        partial = new double[(long)replicas * stride];
    }

    /// <summary>Where a tile's sums go, [period], and the place in the period of its first weight.</summary>
    public Span<double> SumsOf(int replica, int tile, out int start)
    {
        int period = grouping.Pattern(tiles[tile].Tensor).Period;
        start = tiles[tile].Within % period;
        return partial.AsSpan(replica * stride + starts[tile], period);
    }

    /// <summary>Adds the sums of all tiles to the row of a step, for the replicas that are active.</summary>
    public void Gather(int step)
    {
        for (int replica = work.Active.First; replica < work.Active.End; replica++)
        {
            var row = values.AsSpan((replica * steps + step) * grouping.Count, grouping.Count);
            for (int tile = 0; tile < tiles.Length; tile++)
            {
                int first = grouping.Pattern(tiles[tile].Tensor).First;
                var sums = SumsOf(replica, tile, out _);
                for (int i = 0; i < sums.Length; i++)
                    row[first + i] += sums[i];
            }
        }
    }

    public double[] ToArray(int replica)
    {
        work.Do();
        return values.AsSpan(replica * steps * grouping.Count, steps * grouping.Count).ToArray();
    }

    public void Dispose() { }
}
