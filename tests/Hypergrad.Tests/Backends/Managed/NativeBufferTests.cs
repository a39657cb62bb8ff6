using Hypergrad.Backends.Managed.Memory;

namespace Hypergrad.Tests.Backends.Managed;

/// <summary>Native memory of every size, small, in slabs and in large pages of its own.</summary>
[TestFixture]
public sealed class NativeBufferTests
{
    private static readonly long[] Lengths = [0, 1, 7, 1000, 4095, 4096, 100_000, 500_000, (1 << 20) - 16, 1 << 20, 3_000_000];

    [Test]
    public unsafe void Buffer_IsZeroed_OnACacheLine_ItsOwn_AndSoWhenMemoryComesAgain()
    {
        for (int round = 0; round < 3; round++)
        {
            var buffers = Lengths.Select(length => new NativeBuffer<float>(length)).ToArray();
            foreach (var (index, buffer) in buffers.Index())
            {
                Assert.That((long)buffer.Pointer % 64, Is.Zero);
                Assert.That(buffer.Span.ContainsAnyExcept(0f), Is.False, $"{buffer.Length} numbers in round {round}");
                buffer.Span.Fill(index + 1);
            }
            foreach (var (index, buffer) in buffers.Index())
            {
                Assert.That(buffer.Span.ContainsAnyExcept(index + 1f), Is.False, "each is its own");
                buffer.Dispose();
            }
        }
    }

    [Test]
    public void Buffers_MadeAndFreedByManyThreads_AreZeroed() => Parallel.For(0, 8, thread =>
    {
        var random = new Random(thread);
        var live = new Queue<NativeBuffer<int>>();
        for (int i = 0; i < 300; i++)
        {
            var buffer = new NativeBuffer<int>(random.Next(1, 700_000));
            Assert.That(buffer.Span.ContainsAnyExcept(0), Is.False);
            buffer.Span.Fill(thread);
            live.Enqueue(buffer);
            if (live.Count > 5)
                live.Dequeue().Dispose();
        }
        foreach (var buffer in live)
            buffer.Dispose();
    });
}
