using Hypergrad.Backends.Managed;

namespace Hypergrad.Tests.Backends.Managed;

[TestFixture]
public sealed class WorkersTests
{
    [Test]
    public void For_RunsEveryItemOnce([Values(1, 2, 3, 7)] int threads, [Values(0, 1, 2, 5, 1000)] int count)
    {
        using var workers = new Workers(threads);
        for (int loop = 0; loop < 200; loop++)
        {
            var runs = new int[count];
            workers.For(count, item => Interlocked.Increment(ref runs[item]));
            Assert.That(runs, Is.All.EqualTo(1));
        }
    }

    // Whoever comes late to a loop must not take an item of the larger one that follows: when that could happen, 30,000 loops met it.
    [Test]
    public void For_OfGrowingCounts_RunsEveryItemOnce([Values(2, 3, 7)] int threads)
    {
        using var workers = new Workers(threads);
        int[] counts = [2, 3, 5, 9, 17, 33, 2, 64, 4, 128];
        var runs = new int[counts.Max() + 1];
        Action<int> body = item => Interlocked.Increment(ref runs[item]);
        for (int loop = 0; loop < 100_000; loop++)
        {
            int count = counts[loop % counts.Length];
            Array.Clear(runs);
            workers.For(count, body);
            if (runs.AsSpan(0, count).ContainsAnyExcept(1) || runs.AsSpan(count).ContainsAnyExcept(0))
                Assert.Fail($"loop {loop} of {count} items ran them {string.Join(", ", runs)} times");
        }
    }

    [Test]
    public void For_AfterTheTeamFellAsleep_WakesIt()
    {
        using var workers = new Workers(2);
        for (int loop = 0; loop < 5; loop++)
        {
            Thread.Sleep(5);
            using var both = new Barrier(2);
            bool met = false;
            workers.For(2, _ => met |= both.SignalAndWait(TimeSpan.FromSeconds(30)));
            Assert.That(met, Is.True);
        }
    }

    [Test]
    public void For_TellsWorkersApart()
    {
        using var workers = new Workers(3);
        using var all = new Barrier(3);
        var seen = new int[3];
        workers.For(3, (item, worker) =>
        {
            all.SignalAndWait(TimeSpan.FromSeconds(30));
            seen[item] = worker;
        });
        Assert.That(seen, Is.EquivalentTo(new[] { 0, 1, 2 }));
    }

    [Test]
    public void For_WorkersThatKeepUp_HaveTheSameItemsInEveryLoop()
    {
        using var workers = new Workers(3);
        using var all = new Barrier(3);
        var seen = new int[6];
        for (int loop = 0; loop < 20; loop++)
        {
            // Whoever waits takes no item of another's.
            workers.For(6, (item, worker) =>
            {
                seen[item] = worker;
                all.SignalAndWait(TimeSpan.FromSeconds(30));
            });
            Assert.That(seen, Is.EqualTo(new[] { 0, 0, 1, 1, 2, 2 }));
        }
    }

    [Test]
    public void For_WhoIsDone_HelpsTheOthers()
    {
        using var workers = new Workers(2);
        var seen = new int[8];
        using var others = new CountdownEvent(7);
        // The first item is not done before all others are, three of which are of the same stretch.
        workers.For(8, (item, worker) =>
        {
            seen[item] = worker;
            if (item == 0)
                Assert.That(others.Wait(TimeSpan.FromSeconds(30)), Is.True);
            else
                others.Signal();
        });
        Assert.That(seen[1..4], Is.All.Not.EqualTo(seen[0]));
    }

    [Test]
    public void For_InsideABody_RunsItsItemsThere()
    {
        using var workers = new Workers(2);
        var runs = new int[4, 50];
        var strays = 0;
        workers.For(4, outer =>
        {
            int thread = Environment.CurrentManagedThreadId;
            workers.For(50, inner =>
            {
                Interlocked.Increment(ref runs[outer, inner]);
                if (Environment.CurrentManagedThreadId != thread) Interlocked.Increment(ref strays);
            });
        });
        Assert.That(runs, Is.All.EqualTo(1));
        Assert.That(strays, Is.Zero);
    }

    [Test]
    public void For_ABodyThatThrows_ThrowsItsExceptionToTheCaller([Values(1, 3)] int threads)
    {
        using var workers = new Workers(threads);
        var thrown = new InvalidTimeZoneException("item 3");
        Assert.That(() => workers.For(8, item => { if (item == 3) throw thrown; }), Throws.Exception.SameAs(thrown));
        int runs = 0;
        workers.For(8, _ => Interlocked.Increment(ref runs));
        Assert.That(runs, Is.EqualTo(8), "the team works on after a failure");
    }

    [Test]
    public void For_AllocatesNothing()
    {
        using var workers = new Workers(2);
        Action<int> body = _ => { };
        workers.For(8, body);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int loop = 0; loop < 100; loop++) workers.For(8, body);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void For_OfTwoCallersAtOnce_RunsBoth()
    {
        using var workers = new Workers(2);
        var runs = new int[2, 1000];
        var callers = Enumerable.Range(0, 2).Select(caller => new Thread(() =>
        {
            for (int loop = 0; loop < 100; loop++) workers.For(1000, item => Interlocked.Increment(ref runs[caller, item]));
        })).ToArray();
        foreach (var caller in callers) caller.Start();
        foreach (var caller in callers) caller.Join();
        Assert.That(runs, Is.All.EqualTo(100));
    }

    [Test]
    public void Workers_WithoutThreads_IsRefused() =>
        Assert.That(
            () => new Workers(0),
            Throws.TypeOf<ConfigurationException>().With.Message.EqualTo("The number of threads is 0; it must be at least 1."));
}
