namespace Hypergrad.Files;

/// <summary>Passes on what another stream reads, remembers its last bytes and counts them.</summary>
internal sealed class TailStream(Stream source, ReadOnlyMemory<byte> first) : Stream
{
    private ReadOnlyMemory<byte> pending = first;

    /// <summary>How many bytes were read.</summary>
    public long Count { get; private set; }

    /// <summary>The last four bytes read, as a number that begins with its lowest byte.</summary>
    public uint LastWord { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

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

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
