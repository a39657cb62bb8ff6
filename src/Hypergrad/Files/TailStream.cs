namespace Hypergrad.Files;

/// <summary>Passes on what another stream reads, remembers its last bytes and counts them.</summary>
internal sealed class TailStream(Stream source, ReadOnlyMemory<byte> first) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> pending = first;

    /// <summary>How many bytes were read.</summary>
    public long Count { get; private set; }

    /// <summary>The last four bytes read, as a number that begins with its lowest byte.</summary>
    public uint LastWord { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        int read;
        if (pending.Length > 0)
        {
            read = Math.Min(buffer.Length, pending.Length);
            pending.Span[..read].CopyTo(buffer);
            pending = pending[read..];
        }
        else
        {
            read = source.Read(buffer);
        }
        foreach (byte last in buffer[Math.Max(0, read - 4)..read])
            LastWord = LastWord >> 8 | (uint)last << 24;
        Count += read;
        return read;
    }
}
