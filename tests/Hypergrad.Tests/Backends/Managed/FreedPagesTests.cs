using Hypergrad.Backends.Managed.Memory;

namespace Hypergrad.Tests.Backends.Managed;

/// <summary>Freed pages: used again for the same size, given back for another one and after a while, and never counted as taken.</summary>
public sealed class FreedPagesTests
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);

    [Test]
    public void Take_GivesTheLastOfItsSizeAndAlignment()
    {
        List<(nint, nuint)> released = [];
        using var pages = new FreedPages((memory, length) => released.Add((memory, length)), Never);
        pages.Keep(0x4000, 100);
        pages.Keep(0x3000, 100);
        pages.Keep(0x8000, 200);
        Assert.Multiple(() =>
        {
            Assert.That(pages.Bytes, Is.EqualTo(400));
            Assert.That(pages.Take(100, 0x4000), Is.EqualTo((nint)0x4000));
            Assert.That(pages.Take(100, 0x1000), Is.EqualTo((nint)0x3000));
            Assert.That(pages.Bytes, Is.EqualTo(200));
            Assert.That(released, Is.Empty);
        });
    }

    [Test]
    public void Take_OfAnotherSize_GivesAsMuchBack()
    {
        List<(nint Memory, nuint Length)> released = [];
        using var pages = new FreedPages((memory, length) => released.Add((memory, length)), Never);
        for (nint i = 1; i <= 5; i++)
            pages.Keep(i * 0x1000, 100);
        Assert.Multiple(() =>
        {
            Assert.That(pages.Take(250, 1), Is.EqualTo((nint)0));
            Assert.That(released.Select(pair => pair.Length), Is.EqualTo(new nuint[] { 100, 100, 100 }));
            Assert.That(pages.Bytes, Is.EqualTo(200));
        });
        pages.ReleaseAll();
        Assert.That(released.Select(pair => pair.Memory), Is.EquivalentTo(new nint[] { 0x1000, 0x2000, 0x3000, 0x4000, 0x5000 }));
    }

    [Test]
    public void NothingIsKept_AfterAWhile()
    {
        using var done = new ManualResetEventSlim();
        using var pages = new FreedPages((_, _) => done.Set(), TimeSpan.FromMilliseconds(20));
        pages.Keep(0x1000, 100);
        Assert.That(done.Wait(TimeSpan.FromSeconds(60)), Is.True);
        Assert.That(() => pages.Bytes, Is.Zero.After(10_000, 10));
    }

    [Test]
    public void WhatIsKept_CountsAsAvailable()
    {
        // Far more than the machine has, so that what goes on beside this does not matter.
        long large = 1L << 50;
        using var pages = new FreedPages((_, _) => { }, Never);
        pages.Keep(0x1000, (nuint)large);
        Assert.That(MemoryLimit.Available, Is.GreaterThan(large));
        pages.ReleaseAll();
        Assert.That(MemoryLimit.Available, Is.LessThan(large));
    }

    [Test, NonParallelizable]
    public unsafe void Buffers_MadeAgain_AreZero_OnTheSamePages()
    {
        if (!HugePages.AreFor(8 << 20))
            Assert.Ignore("Large pages are used on Linux alone.");
        HugePages.Freed.ReleaseAll();
        nint first;
        using (var buffer = new NativeBuffer<int>(2_100_000))
        {
            first = (nint)buffer.Pointer;
            buffer.Span.Fill(-1);
        }
        using var again = new NativeBuffer<int>(2_100_000);
        Assert.That((nint)again.Pointer, Is.EqualTo(first));
        Assert.That(again.Span.IndexOfAnyExcept(0), Is.EqualTo(-1));
    }
}
