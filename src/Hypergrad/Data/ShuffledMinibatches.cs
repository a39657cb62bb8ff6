namespace Hypergrad.Data;

/// <summary>The plan of <see cref="MinibatchPlan.Shuffled"/>.</summary>
internal sealed class ShuffledMinibatches(int exampleCount, int batchSize, ulong seed) : MinibatchPlan(exampleCount)
{
    public ulong Seed => seed;

    public override int MaximumBatchSize { get; } = CheckedBatchSize(batchSize);

    public override MinibatchPlan WithSeed(ulong seed) => new ShuffledMinibatches(ExampleCount, MaximumBatchSize, seed);

    private protected override int BatchSizeOf(int step) => MaximumBatchSize;

    private protected override void Fill(int step, int replica, Span<int> destination)
    {
        ulong stream = RandomStreams.Of(RandomStreams.Epochs, replica);
        ulong position = (ulong)step * (uint)MaximumBatchSize;
        for (int filled = 0; filled < destination.Length;)
        {
            ulong epoch = position / (uint)ExampleCount;
            int start = (int)(position % (uint)ExampleCount);
            var order = new KeyedPermutation(ExampleCount, seed, stream, epoch);
            int taken = Math.Min(ExampleCount - start, destination.Length - filled);
            for (int i = 0; i < taken; i++)
                destination[filled + i] = order[start + i];
            filled += taken;
            position += (uint)taken;
        }
    }
}
