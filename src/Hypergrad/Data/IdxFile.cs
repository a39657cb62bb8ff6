using System.Buffers.Binary;

namespace Hypergrad.Data;

/// <summary>
/// One IDX file (LeCun's format of the MNIST database): two zero bytes, the element type, the rank, the sizes as 32-bit numbers with the
/// highest byte first, then the elements, row-major. Nothing is set aside for the elements before the file is known to hold them.
/// </summary>
internal sealed class IdxFile
{
    // The rank is one byte, each size four.
    private const int LongestHeader = 4 + 4 * 255;

    private readonly Memory<byte> elements;

    private IdxFile(string path, IdxElement element, int[] sizes, Memory<byte> elements)
    {
        (Path, Element, Sizes) = (path, element, sizes);
        this.elements = elements;
    }

    public string Path { get; }

    public IdxElement Element { get; }

    /// <summary>The size of every dimension, each at least 1; the first is the number of examples.</summary>
    public int[] Sizes { get; }

    /// <summary>How many elements one example has.</summary>
    public int ElementsPerExample => Length / Sizes[0];

    private int Length => elements.Length / IdxHeader.SizeOf(Element);

    /// <summary>Reads and checks a file, plain or gzip: as much of it as its header promises, and one byte more.</summary>
    /// <exception cref="DataException">The file is not an IDX file, or its length is not what its header says.</exception>
    /// <exception cref="MemoryException">It promises more than memory can hold.</exception>
    public static IdxFile Read(string path)
    {
        using var file = DataFile.Open(path);
        var head = new byte[LongestHeader];
        int known = file.Read(head);
        var header = IdxHeader.Read(file, head.AsSpan(0, known));
        if (file.PlainLength is { } length && length != header.Total)
            throw header.WrongLength(length);
        header.RequireMemory();
        var content = file.ReadUpTo(header.Total, head.AsMemory(0, known));
        if (content.Length != header.Total)
            throw header.WrongLength(content.Length);
        file.CheckComplete(content.Length);
        return new IdxFile(file.Path, header.Element, header.Sizes, content[header.Length..]);
    }

    /// <summary>The elements as single-precision numbers, each divided by <paramref name="divisor"/>.</summary>
    public float[] ToSingle(double divisor)
    {
        var source = elements.Span;
        var result = new float[Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = (float)(At(source, i) / divisor);
        return result;
    }

    /// <summary>The elements as double-precision numbers.</summary>
    public double[] ToDouble()
    {
        var source = elements.Span;
        var result = new double[Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = At(source, i);
        return result;
    }

    private double At(ReadOnlySpan<byte> source, int index) => Element switch
    {
        IdxElement.UnsignedByte => source[index],
        IdxElement.SignedByte => (sbyte)source[index],
        IdxElement.Short => BinaryPrimitives.ReadInt16BigEndian(source[(2 * index)..]),
        IdxElement.Integer => BinaryPrimitives.ReadInt32BigEndian(source[(4 * index)..]),
        IdxElement.Single => BinaryPrimitives.ReadSingleBigEndian(source[(4 * index)..]),
        _ => BinaryPrimitives.ReadDoubleBigEndian(source[(8 * index)..]),
    };
}
