namespace Hypergrad.Data;

/// <summary>The plan of <see cref="MinibatchPlan.Explicit"/>.</summary>
internal sealed class ExplicitMinibatches : MinibatchPlan
{
    private readonly int[][] batches;

    /// <param name="batches">Example numbers of every step.</param>
    /// <param name="exampleCount">How many examples there are.</param>
    /// <param name="name">What complaints call the batches.</param>
    public ExplicitMinibatches(IReadOnlyList<int[]> batches, int exampleCount, string name) : base(exampleCount)
    {
        ArgumentNullException.ThrowIfNull(batches);
        if (batches.Count == 0)
            throw new ConfigurationException($"{name} is empty: a run needs at least one step.");
        this.batches = new int[batches.Count][];
        for (int step = 0; step < batches.Count; step++)
        {
            this.batches[step] = Checked(batches[step], step, exampleCount, name);
            MaximumBatchSize = Math.Max(MaximumBatchSize, this.batches[step].Length);
        }
    }

    public override int? Steps => batches.Length;

    public override int MaximumBatchSize { get; }

    public override MinibatchPlan WithSeed(ulong seed) => this;

    private protected override int BatchSizeOf(int step) => batches[step].Length;

    private protected override void Fill(int step, int replica, Span<int> destination) => batches[step].CopyTo(destination);

    private static int[] Checked(int[]? batch, int step, int exampleCount, string name)
    {
        if (batch is null || batch.Length == 0)
            throw new ConfigurationException($"{name}[{step}] is empty: every step needs at least one example.");
        for (int i = 0; i < batch.Length; i++)
            if ((uint)batch[i] >= (uint)exampleCount)
                throw new ConfigurationException(
                    $"{name}[{step}][{i}] is {batch[i]}: there are {exampleCount} training examples, numbered 0 to {exampleCount - 1}.");
        return (int[])batch.Clone();
    }
}
