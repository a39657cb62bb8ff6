namespace Hypergrad.Data;

/// <summary>
/// The streams of a seed: one number per purpose in the lower 32 bits, the replica in the upper 32 bits, so that no two uses of a seed
/// ever read the same Philox block. The numbers are part of what makes a run reproducible: they never change.
/// </summary>
internal static class RandomStreams
{
    /// <summary>The initial weights of a replica.</summary>
    public const uint InitialWeights = 1;

    /// <summary>The examples of minibatches drawn with replacement.</summary>
    public const uint Minibatches = 2;

    /// <summary>The order in which a dataset is cut into training, validation and test parts.</summary>
    public const uint Split = 3;

    /// <summary>The order of the examples in each epoch of shuffled minibatches.</summary>
    public const uint Epochs = 4;

    /// <summary>The fresh seed of each meta-step.</summary>
    public const uint MetaSteps = 5;

    /// <summary>The trials of a search for a start.</summary>
    public const uint StartTrials = 1000;

    /// <summary>The directions along which metasmoothness is measured.</summary>
    public const uint Metasmoothness = 1001;

    /// <summary>The masks of the first dropout of a network; each further one has the next number.</summary>
    public const uint Dropout = 1 << 16;

    /// <summary>The stream of one purpose and one replica.</summary>
    public static ulong Of(uint purpose, int replica = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(replica);
        return (ulong)(uint)replica << 32 | purpose;
    }
}
