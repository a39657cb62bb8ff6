using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Hypergrad.Backends.Managed;

/// <summary>
/// A team of threads that shares out the items of a loop and comes together again: fork and join in a few microseconds, without allocation.
/// The caller is one of the team. A call from inside a body, or from a second thread while the team is busy, runs its items itself.
/// Every worker has the same stretch of the items of every loop as long as it keeps up, so that what it wrote in one loop is near it in
/// the next: two cores may be a quarter of a microsecond apart. Whoever is done helps the others.
/// </summary>
internal sealed class Workers : IDisposable
{
    private const long SpinMicroseconds = 60;

    /// <summary>Beside the loop's number where none is running.</summary>
    private const int Closed = 1;

    /// <summary>Numbers from one worker's stretch to the next: no two share a cache line, nor a pair of them.</summary>
    private const int Apart = 16;

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

    /// <summary>The loop's number above 0, or above <see cref="Closed"/> between loops, while body and count are written.</summary>
    private long gate = Closed;

    /// <summary>
    /// Of each worker's stretch the loop's number above the next item. One with the number of an earlier loop is whole: so a loop begins
    /// by one number alone.
    /// </summary>
    private readonly long[] tickets;

    /// <summary>Starts a team.</summary>
    /// <param name="threads">Threads in the team, the caller's included: at least 1.</param>
    public Workers(int threads)
    {
        if (threads < 1)
            throw new ConfigurationException($"The number of threads is {threads}; it must be at least 1.");
        Threads = threads;
        tickets = new long[threads * Apart];
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

    // From inside a body the team is known to be busy; to ask for it would take the line from whoever asked last.
    private bool TryClaim(int items) =>
        items > 1 && Threads > 1 && !IsWithin && !stopped && Interlocked.CompareExchange(ref busy, 1, 0) == 0;

    private void Run(int items, Action<int, int> action)
    {
        body = action;
        count = items;
        completed = 0;
        failure = null;
        failedItem = int.MaxValue;
        int loop = LoopOf(Volatile.Read(ref gate)) + 1;
        Interlocked.Exchange(ref gate, Ticket(loop, 0));
        int sleeping = Math.Min(Volatile.Read(ref parked), items - 1);
        if (sleeping > 0) wake.Release(sleeping);

        TakeItems(loop, worker: 0);
        var spinner = new SpinWait();
        while (Volatile.Read(ref completed) < items) spinner.SpinOnce(sleep1Threshold: -1);
        // Were the gate left open, a latecomer could take the next loop's count for this one's and run an item too many.
        Interlocked.Exchange(ref gate, Ticket(loop, Closed));

        var thrown = failure;
        body = null;
        plainBody = null;
        failure = null;
        Volatile.Write(ref busy, 0);
        thrown?.Throw();
    }

    private static int LoopOf(long ticket) => (int)(ticket >> 32);

    private static long Ticket(int loop, int item) => (long)loop << 32 | (uint)item;

    private void TakeItems(int loop, int worker)
    {
        var (action, items) = (Volatile.Read(ref body), Volatile.Read(ref count));
        // Both were written while the gate was closed: if it is open for this loop now, they are its, and so are the ends of stretches.
        // What a stretch has when the loop has ended is all taken, and stays so until a later loop's number is in it.
        if (Volatile.Read(ref gate) != Ticket(loop, 0)) return;
        int done = 0;
        for (int turn = 0; turn < Threads; turn++)
            done += TakeItems(loop, action!, (worker + turn) % Threads, items, worker);
        Interlocked.Add(ref completed, done);
    }

    private int TakeItems(int loop, Action<int, int> action, int stretch, int items, int worker)
    {
        int first = FirstOf(stretch, items), end = FirstOf(stretch + 1, items), done = 0;
        ref long ticket = ref tickets[stretch * Apart];
        while (true)
        {
            long current = Volatile.Read(ref ticket);
            int age = loop - LoopOf(current), item = age == 0 ? (int)current : first;
            if (age < 0 || item >= end) return done;
            if (Interlocked.CompareExchange(ref ticket, Ticket(loop, item + 1), current) != current) continue;
            if (Volatile.Read(ref failure) is null) RunItem(action, item, worker);
            done++;
        }
    }

    // The first item of a stretch: all are as long, or the first ones longer by one.
    private int FirstOf(int stretch, int items) => stretch * (items / Threads) + Math.Min(stretch, items % Threads);

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
                int loop = LoopOf(Volatile.Read(ref gate));
                if (loop != seen) return loop;
                Thread.SpinWait(4);
            }
        }
        while (Stopwatch.GetTimestamp() < until);

        Interlocked.Increment(ref parked);
        if (LoopOf(Volatile.Read(ref gate)) == seen && !stopped) wake.Wait();
        Interlocked.Decrement(ref parked);
        return LoopOf(Volatile.Read(ref gate));
    }
}
