namespace Hypergrad.Data;

/// <summary>The plan of <see cref="MinibatchPlan.FullBatch"/>.</summary>
internal sealed class FullBatches(int exampleCount) : MinibatchPlan(exampleCount)
{
    public override int MaximumBatchSize => ExampleCount;

    public override MinibatchPlan WithSeed(ulong seed) => this;

    private protected override int BatchSizeOf(int step) => ExampleCount;

    private protected override void Fill(int step, int replica, Span<int> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = i;
    }
}
