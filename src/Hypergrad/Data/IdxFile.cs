using System.Buffers.Binary;

namespace Hypergrad.Data;

/// <summary>
/// One IDX file (LeCun's format of the MNIST database): two zero bytes, the element type, the rank, the sizes as 32-bit numbers with the
/// highest byte first, then the elements, row-major. Nothing is set aside for the elements before the file is known to hold them.
/// </summary>
internal sealed class IdxFile
{
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

    private int Length => elements.Length / SizeOf(Element);

    /// <summary>Reads and checks a file, plain or gzip.</summary>
    /// <exception cref="DataException">The file is not an IDX file, or its length is not what its header says.</exception>
    public static IdxFile Read(string path)
    {
        var file = DataFile.Read(path);
        var content = file.Content.Span;
        var element = IdxMagic.Check(path, content);
        int rank = content[3];
        int headerLength = 4 + 4 * rank;
        string unpacked = file.IsCompressed ? " after unpacking" : "";
        if (content.Length < headerLength)
            throw new DataException($"{path}: truncated: a header of rank {rank} has {headerLength} bytes, the file has "
                + $"{content.Length}{unpacked}.");
        var sizes = new uint[rank];
        Int128 expected = SizeOf(element);
        for (int i = 0; i < rank; i++)
        {
            sizes[i] = BinaryPrimitives.ReadUInt32BigEndian(content[(4 + 4 * i)..]);
            // The product of up to 255 sizes need not fit any number; past this bound it is absurd anyway.
            expected = Int128.Min(expected * sizes[i], (Int128)long.MaxValue);
        }
        string shape = string.Join(" × ", sizes);
        if (expected == 0)
            throw new DataException($"{path}: the header says {shape}: there are no elements.");
        Int128 total = expected + headerLength;
        if (content.Length < total)
            throw new DataException($"{path}: truncated: the header says {shape} elements of {SizeOf(element)} bytes, {total} bytes "
                + $"in all; the file has {content.Length}{unpacked}. Fetch it again.");
        if (content.Length > total)
            throw new DataException($"{path}: {content.Length - total} bytes too many: the header says {shape} elements, "
                + $"{total} bytes in all; the file has {content.Length}{unpacked}.");
        file.CheckComplete();
        return new IdxFile(path, element, [.. sizes.Select(size => (int)size)], file.Content[headerLength..]);
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

    private static int SizeOf(IdxElement element) => element switch
    {
        IdxElement.UnsignedByte or IdxElement.SignedByte => 1,
        IdxElement.Short => 2,
        IdxElement.Integer or IdxElement.Single => 4,
        _ => 8,
    };
}
