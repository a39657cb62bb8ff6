using Hypergrad.Networks;

namespace Hypergrad.Backends;

/// <summary>
/// How the managed backend cuts minibatches into microbatches, each of which goes through the whole network on one thread, forward and
/// backward, with a gradient of its own: one fork and join for all layers, instead of several for each. The gradients are added in their
/// order. The cut depends on the network and the size of the minibatches alone, so that the sum is the same on any number of threads.
/// </summary>
/// <param name="Count">Microbatches of a full minibatch.</param>
/// <param name="Rows">Examples of a microbatch, at most.</param>
internal readonly record struct Microbatches(int Count, int Rows)
{
    /// <summary>Fewer rows would leave the products waiting for the weights.</summary>
    private const int FewestRows = 64;

    private const int Most = 8;

    /// <summary>Bytes of all gradients that are summed: what stays in the cache.</summary>
    private const int MostBytes = 1 << 20;

    /// <summary>The cut of minibatches of a size; one microbatch where cutting does not pay: each layer is then shared out.</summary>
    /// <param name="network">The network.</param>
    /// <param name="size">Examples of a minibatch, at most.</param>
    /// <param name="numberBytes">Bytes of a weight.</param>
    public static Microbatches Of(Network network, int size, int numberBytes)
    {
        int count = Most;
        while (count > 1 && (size < count * FewestRows || (long)count * network.ParameterCount * numberBytes > MostBytes))
            count /= 2;
        return new(count, (size + count - 1) / count);
    }

    /// <summary>How many of them a number of rows makes.</summary>
    public int CountOf(int rows) => (rows + Rows - 1) / Rows;

    /// <summary>The rows of one of them.</summary>
    /// <param name="index">Which, below <see cref="Count"/>.</param>
    /// <param name="rows">Rows of the minibatch.</param>
    /// <returns>The first row and how many; none where the minibatch ends before.</returns>
    public (int First, int Count) RowsOf(int index, int rows)
    {
        int first = Math.Min(rows, index * Rows);
        return (first, Math.Min(Rows, rows - first));
    }
}
