using Hypergrad.Networks;
using Hypergrad.Networks.Operations;

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
    /// <summary>Rows of a product below which it would wait for the weights.</summary>
    private const int FewestRows = 64;

    /// <summary>Examples of a microbatch below which cutting does not pay, however many rows each has.</summary>
    private const int FewestExamples = 4;

    private const int Most = 8;

    /// <summary>Bytes of all gradients that are summed: what stays in the cache.</summary>
    private const int MostBytes = 1 << 20;

    /// <summary>
    /// Floating-point operations of a minibatch's many rows for each byte of those, above which they may as well leave the cache.
    /// </summary>
    private const int WorkOfByte = 300;

    /// <summary>The cut of minibatches of a size; one microbatch where cutting does not pay: each layer is then shared out.</summary>
    /// <param name="network">The network.</param>
    /// <param name="size">Examples of a minibatch, at most.</param>
    /// <param name="numberBytes">Bytes of a weight.</param>
    public static Microbatches Of(Network network, int size, int numberBytes)
    {
        var (all, ofSingleRows) = MultiplicationsOf(network);
        // Where an example is many rows, as the windows on an image are, few examples are enough: as many as the share of the arithmetic
        // asks for in which it is one.
        double fewest = all == 0 ? FewestRows : Math.Max(FewestExamples, FewestRows * ofSingleRows / all);
        // Forward, backward to the weights and backward to the input, a multiplication and an addition each.
        double mostBytes = Math.Max(MostBytes, 6 * (all - ofSingleRows) * size / WorkOfByte);
        int count = Most;
        while (count > 1 && (size < count * fewest || (double)count * network.ParameterCount * numberBytes > mostBytes))
            count /= 2;
        return new(count, (size + count - 1) / count);
    }

    private static (double All, double OfSingleRows) MultiplicationsOf(Network network)
    {
        double all = 0, ofSingleRows = 0;
        foreach (var affine in network.Program.Operations.OfType<Affine>())
        {
            all += affine.Multiplications;
            if (affine.OutputShape.Positions == 1)
                ofSingleRows += affine.Multiplications;
        }
        return (all, ofSingleRows);
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
