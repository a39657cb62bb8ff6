using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>
/// What the header of an NPY file promises (NumPy's format 1.0 to 3.0): six bytes that name the format, its version, the length of a
/// Python dictionary, and the dictionary with <c>descr</c>, <c>fortran_order</c> and <c>shape</c>.
/// </summary>
internal sealed partial class NpyHeader
{
    /// <summary>The bytes before the dictionary of the formats 2 and 3; the first has two less.</summary>
    public const int LongestStart = 12;

    private const int MostDimensions = 32, ShortStart = 10, Longest = 1 << 20;

    /// <summary>'b' for truth values, 'i' and 'u' for whole numbers with and without a sign, 'f' for the others.</summary>
    public required char Kind { get; init; }

    /// <summary>The bytes of an element.</summary>
    public required int ElementSize { get; init; }

    /// <summary>Whether an element's highest byte comes first.</summary>
    public required bool IsBigEndian { get; init; }

    /// <summary>Whether the first index runs fastest.</summary>
    public required bool IsFortran { get; init; }

    /// <summary>The size of every dimension, each at least 1.</summary>
    public required int[] Shape { get; init; }

    /// <summary>How many bytes the header has.</summary>
    public required int Length { get; init; }

    /// <summary>How many bytes the elements have.</summary>
    public required long Bytes { get; init; }

    /// <summary>Whether a file begins as an NPY file does.</summary>
    public static bool Begins(ReadOnlySpan<byte> content) => content is [0x93, .. var rest] && rest.StartsWith("NUMPY"u8);

    /// <summary>How many bytes the header has, itself and what stands before it.</summary>
    /// <param name="path">The file's name, for errors.</param>
    /// <param name="start">Its first bytes, <see cref="LongestStart"/> or all that there are.</param>
    /// <exception cref="DataException">It is none, or longer than any.</exception>
    public static int LengthOf(string path, ReadOnlySpan<byte> start)
    {
        if (!Begins(start) || start.Length < LongestStart)
            throw new DataException($"{path}: this is not an NPY file, or it is cut short; numpy.save writes one.");
        if (start[6] is < 1 or > 3)
            throw new DataException($"{path}: NPY format {start[6]}; the formats 1 to 3 are read.");
        bool isShort = start[6] == 1;
        long length = isShort ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        return length <= Longest
            ? (isShort ? ShortStart : LongestStart) + (int)length
            : throw new DataException($"{path}: the header says that it has {length} bytes; at most {Longest} can be read.");
    }

    /// <summary>Reads the header.</summary>
    /// <param name="path">The file's name, for errors.</param>
    /// <param name="content">What the file begins with.</param>
    /// <exception cref="DataException">It is none, or promises what cannot be read.</exception>
    public static NpyHeader Read(string path, ReadOnlySpan<byte> content)
    {
        int length = LengthOf(path, content), start = content[6] == 1 ? ShortStart : LongestStart;
        return length <= content.Length
            ? Read(path, Encoding.UTF8.GetString(content[start..length]), length)
            : throw new DataException(
                $"{path}: truncated: the header has {length - start} bytes, and the file ends before. Save the array again.");
    }

    private static NpyHeader Read(string path, string dictionary, int length)
    {
        var type = TypeEntry().Match(dictionary);
        var shape = ShapeEntry().Match(dictionary);
        var order = OrderEntry().Match(dictionary);
        if (!shape.Success || !order.Success || !dictionary.Contains("'descr'", StringComparison.Ordinal))
            throw new DataException($"{path}: the header {Quoted.Of(dictionary)} does not say type, order and shape. Save the array "
                + "again.");
        if (!type.Success || !IsKnown(type.Groups["kind"].Value[0], type.Groups["size"].Value[0] - '0'))
            throw new DataException($"{path}: the elements are no plain numbers: {Quoted.Of(dictionary)}. Convert the array, for "
                + "example by .astype('float32').");
        int size = type.Groups["size"].Value[0] - '0';
        int[] sizes = Sizes(path, shape.Groups["sizes"].Value);
        Int128 bytes = size;
        foreach (int each in sizes)
            bytes = Int128.Min(bytes * each, long.MaxValue / 2);
        if (bytes > Array.MaxLength)
            throw new DataException($"{path}: the header says {string.Join(" × ", sizes)} elements of {size} bytes; at most "
                + $"{Array.MaxLength} bytes can be read.");
        return new()
        {
            Kind = type.Groups["kind"].Value[0],
            ElementSize = size,
            IsBigEndian = type.Groups["endian"].Value == ">",
            IsFortran = order.Groups["order"].Value == "True" && sizes.Length > 1,
            Shape = sizes,
            Length = length,
            Bytes = (long)bytes,
        };
    }

    private static int[] Sizes(string path, string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length is 0 or > MostDimensions)
            throw new DataException(
                $"{path}: the array has {parts.Length} dimensions; from 1, the examples, to {MostDimensions} are read.");
        return [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0
            ? size
            : throw new DataException($"{path}: the shape is ({Quoted.Name(text)}): every size must be from 1 to {int.MaxValue}."))];
    }

    private static bool IsKnown(char kind, int size) => kind switch
    {
        'b' => size == 1,
        'f' => size is 2 or 4 or 8,
        _ => size is 1 or 2 or 4 or 8,
    };

    [GeneratedRegex(@"'descr'\s*:\s*'(?<endian>[<>|=]?)(?<kind>[biuf])(?<size>[1248])'")]
    private static partial Regex TypeEntry();

    [GeneratedRegex(@"'shape'\s*:\s*\((?<sizes>[\d,\sL]*)\)")]
    private static partial Regex ShapeEntry();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(?<order>True|False)")]
    private static partial Regex OrderEntry();
}
