namespace Hypergrad.Runs;

/// <summary>How the examples of a minibatch are chosen.</summary>
public enum Sampling
{
    /// <summary>In shuffled order, epoch after epoch.</summary>
    Shuffled,

    /// <summary>Each one at random from the whole training set.</summary>
    WithReplacement,

    /// <summary>All examples at every step.</summary>
    FullBatch,
}
