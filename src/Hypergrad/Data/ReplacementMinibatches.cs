namespace Hypergrad.Data;

/// <summary>The plan of <see cref="MinibatchPlan.WithReplacement"/>.</summary>
internal sealed class ReplacementMinibatches(int exampleCount, int batchSize, ulong seed) : MinibatchPlan(exampleCount)
{
    public ulong Seed => seed;

    public override int MaximumBatchSize { get; } = CheckedBatchSize(batchSize);

    public override MinibatchPlan WithSeed(ulong seed) => new ReplacementMinibatches(ExampleCount, MaximumBatchSize, seed);

    private protected override int BatchSizeOf(int step) => MaximumBatchSize;

    private protected override void Fill(int step, int replica, Span<int> destination)
    {
        var philox = new Philox(seed, RandomStreams.Of(RandomStreams.Minibatches, replica));
        ulong first = (ulong)step * (uint)MaximumBatchSize;
        for (int i = 0; i < destination.Length; i++)
            destination[i] = (int)((ulong)philox.Word(first + (ulong)i) * (uint)ExampleCount >> 32);
    }
}
