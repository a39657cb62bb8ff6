namespace Hypergrad.Backends.Managed.Memory;

/// <summary>Counts the bytes of all live native buffers, and the most there ever were: how the tests know what a session takes.</summary>
internal static class NativeMemoryTally
{
    private static long live;
    private static long peak;

    public static long Live => Interlocked.Read(ref live);

    public static long Peak => Interlocked.Read(ref peak);

    public static void ResetPeak() => Interlocked.Exchange(ref peak, Live);

    public static void Add(long bytes)
    {
        long now = Interlocked.Add(ref live, bytes);
        long seen;
        while (now > (seen = Interlocked.Read(ref peak)) && Interlocked.CompareExchange(ref peak, now, seen) != seen)
        {
        }
    }
}
