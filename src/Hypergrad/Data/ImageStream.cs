namespace Hypergrad.Data;

/// <summary>
/// The bytes of a picture. Who reads on and on behind their end, as the decoder does in a file that is cut short, is stopped.
/// </summary>
internal sealed class ImageStream(byte[] bytes) : MemoryStream(bytes, writable: false)
{
    // Decoders look a little ahead.
    private const int MostReadsBehind = 64;

    private int behind;

    public override int Read(byte[] buffer, int offset, int count) => Watch(base.Read(buffer, offset, count), count);

    public override int Read(Span<byte> buffer) => Watch(base.Read(buffer), buffer.Length);

    public override int ReadByte()
    {
        int read = base.ReadByte();
        Watch(read < 0 ? 0 : 1, 1);
        return read;
    }

    private int Watch(int read, int wanted)
    {
        if (read == 0 && wanted > 0 && ++behind > MostReadsBehind)
            throw new EndOfStreamException("it is cut short");
        return read;
    }
}
