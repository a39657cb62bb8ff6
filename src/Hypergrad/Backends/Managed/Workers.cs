using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Hypergrad.Backends.Managed;

/// <summary>
/// A team of threads that shares out the items of a loop and comes together again: fork and join in a few microseconds, without allocation.
/// The caller is one of the team. A call from inside a body, or from a second thread while the team is busy, runs its items itself.
/// </summary>
internal sealed class Workers : IDisposable
{
    private const long SpinMicroseconds = 60;

    /// <summary>In the place of the next item: no loop has as many.</summary>
    private const int Closed = int.MaxValue;

    private static readonly long SpinTicks = Stopwatch.Frequency * SpinMicroseconds / 1_000_000;

    // Of which team this thread is running an item, and as which of its workers.
    [ThreadStatic]
    private static Workers? teamOfThread;

    [ThreadStatic]
    private static int workerOfThread;

    private readonly SemaphoreSlim wake = new(0);
    private readonly Action<int, int> callBody;
    private Action<int>? plainBody;
    private Action<int, int>? body;
    private int count;
    private int busy;
    private int parked;
    private int completed;
    private volatile bool stopped;
    private int failedItem;
    private ExceptionDispatchInfo? failure;

    /// <summary>The loop's number above its next item, 32 bits each: a latecomer can never take an item of another loop.</summary>
    /// <remarks>Between loops, while body and count are written, it is closed: its next item is <see cref="Closed"/>.</remarks>
    private long ticket = Closed;

    /// <summary>Starts a team.</summary>
    /// <param name="threads">Threads in the team, the caller's included: at least 1.</param>
    public Workers(int threads)
    {
        if (threads < 1)
            throw new ConfigurationException($"The number of threads is {threads}; it must be at least 1.");
        Threads = threads;
        callBody = (item, _) => plainBody!(item);
        for (int worker = 1; worker < threads; worker++)
        {
            int index = worker;
            new Thread(() => Serve(index)) { IsBackground = true, Name = $"Hypergrad worker {index}" }.Start();
        }
    }

    /// <summary>Threads in the team, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>Whether this thread is in an item of a loop of this team.</summary>
    public bool IsWithin => teamOfThread == this;

    /// <summary>Which worker of this team runs the item that this thread is in: 0 in none.</summary>
    public int Current => IsWithin ? workerOfThread : 0;

    /// <summary>Runs <c>body(i)</c> for all i below <paramref name="count"/>, in any order, and returns when all are done.</summary>
    /// <remarks>A body's exception comes back as it is (of several, that of the lowest item); items not yet begun are dropped.</remarks>
    public void For(int count, Action<int> body)
    {
        if (!TryClaim(count))
        {
            for (int item = 0; item < count; item++) body(item);
            return;
        }
        plainBody = body;
        Run(count, callBody);
    }

    /// <summary>
    /// The same with <c>body(i, worker)</c>, told which worker runs it: a number below <see cref="Threads"/>, and within an item of another
    /// loop the one that runs that.
    /// </summary>
    public void For(int count, Action<int, int> body)
    {
        if (!TryClaim(count))
        {
            int current = Current;
            for (int item = 0; item < count; item++) body(item, current);
            return;
        }
        Run(count, body);
    }

    /// <summary>Ends the threads. No loop may be running.</summary>
    public void Dispose()
    {
        stopped = true;
        if (Threads > 1) wake.Release(Threads - 1);
    }

    private bool TryClaim(int items) => items > 1 && Threads > 1 && !stopped && Interlocked.CompareExchange(ref busy, 1, 0) == 0;

    private void Run(int items, Action<int, int> action)
    {
        body = action;
        count = items;
        completed = 0;
        failure = null;
        failedItem = int.MaxValue;
        int loop = LoopOf(Volatile.Read(ref ticket)) + 1;
        Interlocked.Exchange(ref ticket, (long)loop << 32);
        int sleeping = Math.Min(Volatile.Read(ref parked), items - 1);
        if (sleeping > 0) wake.Release(sleeping);

        TakeItems(loop, worker: 0);
        var spinner = new SpinWait();
        while (Volatile.Read(ref completed) < items) spinner.SpinOnce(sleep1Threshold: -1);
        // Were the ticket left behind the last item, a latecomer could take the next loop's count for this one's and run an item too many.
        Interlocked.Exchange(ref ticket, (long)loop << 32 | Closed);

        var thrown = failure;
        body = null;
        plainBody = null;
        failure = null;
        Volatile.Write(ref busy, 0);
        thrown?.Throw();
    }

    private static int LoopOf(long ticket) => (int)(ticket >> 32);

    private void TakeItems(int loop, int worker)
    {
        while (true)
        {
            long current = Volatile.Read(ref ticket);
            int item = (int)current;
            // Body and count are read before the claim and written only while the ticket is closed: if it succeeds, they are its loop's.
            var action = body;
            if (LoopOf(current) != loop || item >= count) return;
            if (Interlocked.CompareExchange(ref ticket, current + 1, current) != current) continue;
            if (Volatile.Read(ref failure) is null) RunItem(action!, item, worker);
            Interlocked.Increment(ref completed);
        }
    }

    private void RunItem(Action<int, int> action, int item, int worker)
    {
        var (outer, outerWorker) = (teamOfThread, workerOfThread);
        (teamOfThread, workerOfThread) = (this, worker);
        try
        {
            action(item, worker);
        }
#pragma warning disable CA1031 // Whatever it is, it belongs to the caller of the loop.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            lock (wake)
            {
                if (item > failedItem) return;
                failedItem = item;
                Volatile.Write(ref failure, ExceptionDispatchInfo.Capture(exception));
            }
        }
        finally
        {
            (teamOfThread, workerOfThread) = (outer, outerWorker);
        }
    }

    private void Serve(int worker)
    {
        int seen = 0;
        while (!stopped)
        {
            int loop = WaitForLoop(seen);
            if (loop == seen) continue;
            seen = loop;
            TakeItems(loop, worker);
        }
    }

    /// <summary>Spins for about as long as the gaps between the loops of one training step last, then sleeps.</summary>
    private int WaitForLoop(int seen)
    {
        long until = Stopwatch.GetTimestamp() + SpinTicks;
        do
        {
            for (int spin = 0; spin < 16; spin++)
            {
                int loop = LoopOf(Volatile.Read(ref ticket));
                if (loop != seen) return loop;
                Thread.SpinWait(4);
            }
        }
        while (Stopwatch.GetTimestamp() < until);

        Interlocked.Increment(ref parked);
        if (LoopOf(Volatile.Read(ref ticket)) == seen && !stopped) wake.Wait();
        Interlocked.Decrement(ref parked);
        return LoopOf(Volatile.Read(ref ticket));
    }
}
