namespace Hypergrad.Files;

/// <summary>A pipe that is waited for no longer than a person would: one that nobody writes to never ends by itself.</summary>
internal sealed class PatientStream(Stream pipe, string name) : ReadOnlyStream
{
    // A read that is given up goes on in its thread; what it reads must not land in anybody's buffer.
    private readonly byte[] piece = new byte[1 << 16];

    /// <summary>How long a pipe may deliver nothing.</summary>
    public static TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Opens a pipe, which for a named one takes until somebody opens its other end.</summary>
    /// <exception cref="DataException">Nobody does.</exception>
    public static PatientStream Open(string path, string name) =>
        new(Within(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1), name), name);

    public override int Read(Span<byte> buffer)
    {
        int wanted = Math.Min(buffer.Length, piece.Length);
        int read = Within(() => pipe.Read(piece, 0, wanted), name);
        piece.AsSpan(0, read).CopyTo(buffer);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            pipe.Dispose();
        base.Dispose(disposing);
    }

    private static T Within<T>(Func<T> wait, string name)
    {
        var task = Task.Factory.StartNew(wait, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return ((IAsyncResult)task).AsyncWaitHandle.WaitOne(Patience)
            ? task.GetAwaiter().GetResult()
            : throw new DataException($"{name}: nothing has come through this pipe for {Patience.TotalSeconds:0.#} seconds.");
    }
}
