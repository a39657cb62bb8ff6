namespace Hypergrad.Backends.Managed.Memory;

/// <summary>
/// Large pages that were freed a moment ago, kept for the next array of their size: runs follow each other with the same arrays, and
/// pages that the system makes anew cost more than the arithmetic of many a run. They are given back when an array of another size is
/// wanted, so that no more is ever held than was in use at once, and when nothing was freed for a while.
/// </summary>
/// <param name="release">Gives pages back to the system.</param>
/// <param name="patience">After how long nothing is kept.</param>
internal sealed class FreedPages(Action<nint, nuint> release, TimeSpan patience) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<nuint, List<nint>> kept = [];
    private Timer? timer;

    /// <summary>What is kept, in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Keeps pages.</summary>
    public void Keep(nint memory, nuint length)
    {
        lock (gate)
        {
            if (!kept.TryGetValue(length, out var ofLength))
                kept.Add(length, ofLength = []);
            ofLength.Add(memory);
            Count((long)length);
            timer ??= new(_ => ReleaseAll());
            timer.Change(patience, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Takes some that are kept, as they were left; where there are none, as much of the others is given back.</summary>
    /// <param name="length">How much, in bytes.</param>
    /// <param name="alignment">Of what the address is a multiple.</param>
    /// <returns>Their address, or 0.</returns>
    public nint Take(nuint length, nuint alignment)
    {
        lock (gate)
        {
            if (kept.TryGetValue(length, out var ofLength))
            {
                int place = ofLength.FindLastIndex(memory => (nuint)memory % alignment == 0);
                if (place >= 0)
                {
                    nint taken = ofLength[place];
                    Forget(length, ofLength, place);
                    return taken;
                }
            }
            Release((long)length);
            return 0;
        }
    }

    /// <summary>Gives everything back.</summary>
    public void ReleaseAll()
    {
        lock (gate)
            Release(long.MaxValue);
    }

    public void Dispose()
    {
        ReleaseAll();
        timer?.Dispose();
    }

    private void Release(long bytes)
    {
        while (bytes > 0 && Bytes > 0)
        {
            var (length, ofLength) = kept.First();
            release(ofLength[^1], length);
            Forget(length, ofLength, ofLength.Count - 1);
            bytes -= (long)length;
        }
    }

    private void Forget(nuint length, List<nint> ofLength, int place)
    {
        ofLength.RemoveAt(place);
        if (ofLength.Count == 0)
            kept.Remove(length);
        Count(-(long)length);
    }

    private void Count(long bytes)
    {
        Bytes += bytes;
        MemoryLimit.AddReusable(bytes);
    }
}
