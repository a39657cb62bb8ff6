using System.Buffers.Binary;
using Hypergrad.Files;

namespace Hypergrad.Data;

/// <summary>An array of NumPy's: its elements, row-major, and its shape.</summary>
internal sealed class NpyArray
{
    private readonly NpyHeader header;
    private readonly ReadOnlyMemory<byte> elements;

    private NpyArray(string path, NpyHeader header, ReadOnlyMemory<byte> elements)
    {
        (Path, this.header) = (path, header);
        this.elements = elements;
    }

    /// <summary>The file, or the entry in it, fit for messages.</summary>
    public string Path { get; }

    /// <summary>The size of every dimension; the first is the number of examples.</summary>
    public int[] Shape => header.Shape;

    /// <summary>Whether the elements are whole numbers.</summary>
    public bool IsWhole => header.Kind is 'u' or 'i' or 'b';

    /// <summary>How many elements there are.</summary>
    public int Length { get; private init; }

    /// <summary>Reads as much as the header promises, and one byte more, which there must not be.</summary>
    /// <param name="path">The file's name, for errors.</param>
    /// <param name="stream">Its bytes.</param>
    /// <exception cref="DataException">It is no NPY file, or its length is not what its header says.</exception>
    /// <exception cref="MemoryException">It promises more than memory can hold.</exception>
    public static NpyArray Read(string path, Stream stream)
    {
        byte[] start = [.. InputFile.ReadAll(stream, NpyHeader.LongestStart - 1, path).Span];
        int length = NpyHeader.LengthOf(path, start);
        byte[] rest = length > start.Length ? [.. InputFile.ReadAll(stream, length - start.Length - 1, path).Span] : [];
        var header = NpyHeader.Read(path, [.. start, .. rest]);
        var elements = InputFile.ReadAll(stream, header.Bytes, path);
        if (elements.Length != header.Bytes)
            throw new DataException($"{path}: {(elements.Length < header.Bytes ? "truncated" : "too long")}: the header says "
                + $"{string.Join(" × ", header.Shape)} elements of {header.ElementSize} bytes, {header.Bytes} bytes in all; there "
                + $"are {(elements.Length < header.Bytes ? $"{elements.Length}" : "more")}. Save the array again.");
        return new(path, header, elements) { Length = (int)(header.Bytes / header.ElementSize) };
    }

    /// <summary>The elements as a table of one row for each example: bytes divided by 255, 64-bit numbers in double precision.</summary>
    /// <exception cref="DataException">A number is not finite.</exception>
    public Table ToTable()
    {
        int columns = Length / Shape[0];
        MemoryLimit.Require(8.0 * Length, $"{Path}: {Length} numbers", "Use a smaller file.");
        try
        {
            if (header.ElementSize == 8 || header is { Kind: 'i' or 'u', ElementSize: 4 })
                return new(ToDouble(), columns, "input");
            float divisor = header is { Kind: 'u', ElementSize: 1 } ? 255 : 1;
            var values = new float[Length];
            for (int i = 0; i < values.Length; i++)
                values[i] = (float)this[i] / divisor;
            return new(values, columns, "input");
        }
        catch (DataException error)
        {
            throw new DataException($"{Path}: {error.Message}", error);
        }
    }

    /// <summary>The elements as they are.</summary>
    public double[] ToDouble()
    {
        var values = new double[Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = this[i];
        return values;
    }

    // Row-major, whatever the order in the file.
    private double this[int index] => At(header.IsFortran ? Transposed(index) : index);

    private int Transposed(int index)
    {
        int place = 0, stride = Length;
        for (int i = Shape.Length - 1; i >= 0; i--)
        {
            stride /= Shape[i];
            place += index % Shape[i] * stride;
            index /= Shape[i];
        }
        return place;
    }

    private double At(int index)
    {
        var bytes = elements.Span.Slice(index * header.ElementSize, header.ElementSize);
        bool big = header.IsBigEndian;
        return (header.Kind, header.ElementSize) switch
        {
            ('b' or 'u', 1) => bytes[0],
            ('i', 1) => (sbyte)bytes[0],
            ('i', 2) => big ? BinaryPrimitives.ReadInt16BigEndian(bytes) : BinaryPrimitives.ReadInt16LittleEndian(bytes),
            ('i', 4) => big ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes),
            ('i', _) => big ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes),
            ('u', 2) => big ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            ('u', 4) => big ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            ('u', _) => big ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            (_, 2) => (double)(big ? BinaryPrimitives.ReadHalfBigEndian(bytes) : BinaryPrimitives.ReadHalfLittleEndian(bytes)),
            (_, 4) => big ? BinaryPrimitives.ReadSingleBigEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes),
            _ => big ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        };
    }
}
