using System.Buffers.Binary;

namespace Hypergrad.Data;

/// <summary>What the header of an IDX file promises.</summary>
internal sealed class IdxHeader
{
    private readonly string path, unpacked, shape;
    private readonly bool isLengthKnown;

    private IdxHeader(DataFile file, IdxElement element, uint[] sizes)
    {
        (path, Element) = (file.Path, element);
        isLengthKnown = file.PlainLength is not null;
        unpacked = file.IsCompressed ? " after unpacking" : "";
        shape = string.Join(" × ", sizes);
        Length = 4 + 4 * sizes.Length;
        Int128 bytes = SizeOf(element);
        // The product of up to 255 sizes need not fit any number; past this bound it is absurd anyway.
        foreach (uint size in sizes)
            bytes = Int128.Min(bytes * size, long.MaxValue / 2);
        if (bytes == 0)
            throw new DataException($"{path}: the header says {shape}: there are no elements.");
        Total = (long)bytes + Length;
        Sizes = [.. sizes.Select(size => (int)size)];
    }

    public IdxElement Element { get; }

    /// <summary>The size of every dimension, each at least 1; right where <see cref="Total"/> bytes fit an array.</summary>
    public int[] Sizes { get; }

    /// <summary>How many bytes the header has.</summary>
    public int Length { get; }

    /// <summary>How many bytes the file has, header and elements.</summary>
    public long Total { get; }

    /// <summary>Reads the header.</summary>
    /// <param name="file">The file, for errors.</param>
    /// <param name="content">Its first bytes.</param>
    /// <exception cref="DataException">This is no header of an IDX file, or it is cut short.</exception>
    public static IdxHeader Read(DataFile file, ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
            file.CheckComplete(0);
        var element = IdxMagic.Check(file.Path, content);
        int length = 4 + 4 * content[3];
        if (content.Length < length)
            throw new DataException($"{file.Path}: truncated: a header of rank {content[3]} has {length} bytes, the file has "
                + $"{content.Length}{(file.IsCompressed ? " after unpacking" : "")}.");
        var sizes = new uint[content[3]];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = BinaryPrimitives.ReadUInt32BigEndian(content[(4 + 4 * i)..]);
        return new(file, element, sizes);
    }

    /// <summary>Refuses elements that there is no room for, as bytes and then as numbers.</summary>
    /// <exception cref="DataException">They are more than an array can hold.</exception>
    /// <exception cref="MemoryException">They are more than memory can hold.</exception>
    public void RequireMemory()
    {
        if (Total > Array.MaxLength)
            throw new DataException(
                $"{path}: the header says {shape} elements, {Total} bytes in all; at most {Array.MaxLength} can be read.");
        int number = Element is IdxElement.Integer or IdxElement.Double ? sizeof(double) : sizeof(float);
        MemoryLimit.Require(Total + (double)number * (Total - Length) / SizeOf(Element),
            $"{path}: what the header promises, {shape} elements,", "Use a smaller file.");
    }

    /// <summary>The error of a file that has another length.</summary>
    /// <param name="found">How many bytes it has; of a file whose length is not known beforehand, how many were read.</param>
    public DataException WrongLength(long found)
    {
        string promise = $"the header says {shape} elements";
        if (found < Total)
            return new($"{path}: truncated: {promise} of {SizeOf(Element)} bytes, {Total} bytes in all; the file has {found}{unpacked}. "
                + "Fetch it again.");
        string surplus = isLengthKnown ? $"{found - Total} bytes too many" : $"too many bytes{unpacked}";
        return new($"{path}: {surplus}: {promise}, {Total} bytes in all; the file has {(isLengthKnown ? $"{found}" : "more")}.");
    }

    /// <summary>The bytes of an element.</summary>
    public static int SizeOf(IdxElement element) => element switch
    {
        IdxElement.UnsignedByte or IdxElement.SignedByte => 1,
        IdxElement.Short => 2,
        IdxElement.Integer or IdxElement.Single => 4,
        _ => 8,
    };
}
