namespace Hypergrad.Data;

/// <summary>
/// Which examples every step of a training run sees. Any step's minibatch is computed directly, without the ones before, so that a run
/// reversed from its end meets the very minibatches it met on the way there.
/// </summary>
public abstract class MinibatchPlan
{
    private protected MinibatchPlan(int exampleCount)
    {
        if (exampleCount < 1)
            throw new ConfigurationException($"A minibatch plan over {exampleCount} examples: there must be at least 1.");
        ExampleCount = exampleCount;
    }

    /// <summary>How many examples the training set has; every index is below it.</summary>
    public int ExampleCount { get; }

    /// <summary>How many steps the plan covers, or null when it goes on for ever.</summary>
    public virtual int? Steps => null;

    /// <summary>The most examples any step has.</summary>
    public abstract int MaximumBatchSize { get; }

    /// <summary>How many examples a step has, repeats counted.</summary>
    /// <param name="step">0 ≤ step, and below <see cref="Steps"/> where the plan has an end.</param>
    public int BatchSize(int step)
    {
        CheckStep(step);
        return BatchSizeOf(step);
    }

    /// <summary>Writes the example numbers of one step's minibatch.</summary>
    /// <param name="step">0 ≤ step, and below <see cref="Steps"/> where the plan has an end.</param>
    /// <param name="replica">0 ≤ replica: which of the runs that are trained side by side.</param>
    /// <param name="destination">At least <see cref="BatchSize"/> long; only the first <see cref="BatchSize"/> entries are written.</param>
    public void Indices(int step, int replica, Span<int> destination)
    {
        CheckStep(step);
        ArgumentOutOfRangeException.ThrowIfNegative(replica);
        int size = BatchSizeOf(step);
        if (destination.Length < size)
            throw new ArgumentException($"Step {step} has {size} examples; the destination holds "
                + $"{destination.Length}.", nameof(destination));
        Fill(step, replica, destination[..size]);
    }

    /// <summary>The example numbers of one step's minibatch, in a new array.</summary>
    /// <inheritdoc cref="Indices(int, int, Span{int})"/>
    public int[] Indices(int step, int replica = 0)
    {
        var result = new int[BatchSize(step)];
        Indices(step, replica, result);
        return result;
    }

    /// <summary>The same kind of plan with other random numbers; a plan that uses none returns itself.</summary>
    /// <param name="seed">The new seed.</param>
    public abstract MinibatchPlan WithSeed(ulong seed);

    /// <summary>
    /// Every example of every minibatch drawn uniformly and independently: example i of step t is ⌊word · n / 2³²⌋, where n is the
    /// example count and word = <c>new Philox(seed, replica · 2³² + 2).Word(t · batchSize + i)</c>. No example is likelier than another
    /// by more than a fraction n / 2³².
    /// </summary>
    /// <param name="exampleCount">n, at least 1.</param>
    /// <param name="batchSize">Examples per step, at least 1; more than n is allowed.</param>
    /// <param name="seed">Two plans of the same seed are the same.</param>
    /// <exception cref="ConfigurationException">A count below 1.</exception>
    public static MinibatchPlan WithReplacement(int exampleCount, int batchSize, ulong seed) =>
        new ReplacementMinibatches(exampleCount, batchSize, seed);

    /// <summary>
    /// The examples in shuffled order, epoch after epoch, each epoch shuffled anew and holding every example once. Example i of step t is
    /// at position p = t · batchSize + i: entry p mod n of epoch ⌊p / n⌋, so a batch may span epochs and no example is ever left out. The
    /// order of epoch e is permutation number e of the Philox stream replica · 2³² + 4 (KeyedPermutation documents its arithmetic).
    /// </summary>
    /// <inheritdoc cref="WithReplacement"/>
    public static MinibatchPlan Shuffled(int exampleCount, int batchSize, ulong seed) =>
        new ShuffledMinibatches(exampleCount, batchSize, seed);

    /// <summary>The minibatches given, one array per step, the same for every replica. Repeats are allowed and sizes may vary.</summary>
    /// <param name="batches">Example numbers of every step; copied.</param>
    /// <param name="exampleCount">How many examples there are, at least 1.</param>
    /// <exception cref="ConfigurationException">No steps, an empty batch, or an index outside the examples; the message names step and
    /// position.</exception>
    public static MinibatchPlan Explicit(IReadOnlyList<int[]> batches, int exampleCount) =>
        new ExplicitMinibatches(batches, exampleCount, nameof(batches));

    /// <summary>Every example at every step, in order: plain gradient descent.</summary>
    /// <param name="exampleCount">How many examples there are, at least 1.</param>
    /// <exception cref="ConfigurationException">A count below 1.</exception>
    public static MinibatchPlan FullBatch(int exampleCount) => new FullBatches(exampleCount);

    private protected abstract int BatchSizeOf(int step);

    private protected abstract void Fill(int step, int replica, Span<int> destination);

    private protected static int CheckedBatchSize(int batchSize) => batchSize >= 1
        ? batchSize
        : throw new ConfigurationException($"A batch size of {batchSize}: a minibatch needs at least 1 example.");

    private void CheckStep(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (step >= Steps)
            throw new ArgumentOutOfRangeException(nameof(step), step, $"The plan has {Steps} steps.");
    }
}
