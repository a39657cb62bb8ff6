using System.Buffers.Binary;
using System.Text.Json;
using Hypergrad.Json;
using Hypergrad.Wording;

namespace Hypergrad.Models;

/// <summary>
/// Reads tensors in the safetensors format (<see cref="Safetensors"/>). All sizes and places are the file's word alone: each is checked
/// against the bytes that there are before room is made for it.
/// </summary>
internal static class SafetensorsReader
{
    private const string Metadata = "__metadata__";

    /// <summary>Reads all tensors of a file's bytes, in the order in which their numbers lie.</summary>
    /// <exception cref="DataException">
    /// The bytes are too few or too many, the header is no such header, or tensors overlap, leave gaps or have numbers that are not finite.
    /// </exception>
    public static IReadOnlyList<NamedTensor> Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length < Safetensors.LengthBytes)
            throw new DataException($"the file has {file.Length} bytes and is no safetensors file; it is truncated.");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span);
        if (length > Safetensors.LongestHeader || (long)length > file.Length - Safetensors.LengthBytes)
            throw new DataException($"the header is said to have {length} bytes, and the file has {file.Length}; "
                + "it is truncated, or no safetensors file.");
        var data = file[(Safetensors.LengthBytes + (int)length)..];
        try
        {
            using var header = JsonDocument.Parse(file.Slice(Safetensors.LengthBytes, (int)length));
            return Read(header.RootElement, data);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new DataException($"the header is not valid JSON: {exception.Message}", exception);
        }
    }

    private static List<NamedTensor> Read(JsonElement header, ReadOnlyMemory<byte> data)
    {
        if (header.ValueKind != JsonValueKind.Object)
            throw new DataException("the header is not an object.");
        var names = new HashSet<string>();
        var entries = new List<(string Name, int[] Sizes, ulong Start, ulong End)>();
        foreach (var field in header.EnumerateObject())
        {
            if (!names.Add(field.Name))
                throw new DataException($"the tensor {Quoted.Of(field.Name)} stands twice.");
            if (field.Name != Metadata)
                entries.Add(ReadEntry(field.Name, new(field.Value, Quoted.Name(field.Name)), (ulong)data.Length));
        }
        entries.Sort((one, other) => one.Start.CompareTo(other.Start));
        ulong at = 0;
        foreach (var (name, _, start, end) in entries)
        {
            if (start != at)
                throw new DataException($"the tensor {Quoted.Of(name)} starts at byte {start}, where {at} bytes are taken: tensors lie one "
                    + "after the other, without gaps or overlaps.");
            at = end;
        }
        if (at != (ulong)data.Length)
            throw new DataException($"the tensors take {at} bytes and the file has {data.Length} for them.");
        return [.. entries.Select(entry => new NamedTensor(
            entry.Name, entry.Sizes, Numbers(entry.Name, data.Span[(int)entry.Start..(int)entry.End])))];
    }

    private static (string Name, int[] Sizes, ulong Start, ulong End) ReadEntry(string name, JsonValue entry, ulong available)
    {
        entry.RequireOnly("dtype", "shape", "data_offsets");
        if (entry.Field("dtype").Text() is var type && type != "F32")
            throw new DataException($"the tensor {Quoted.Of(name)} is of the type {Quoted.Of(type)}; weights are F32.");
        int[] sizes = entry.Field("shape").Integers();
        var offsets = entry.Field("data_offsets").Items();
        if (offsets.Length != 2)
            throw new DataException($"{entry.Path}.data_offsets has {offsets.Length} numbers; it needs a start and an end.");
        ulong start = offsets[0].Natural(), end = offsets[1].Natural();
        if (start > end || end > available)
            throw new DataException($"the tensor {Quoted.Of(name)} lies at bytes {start} to {end}, and there are {available}; "
                + "the file is truncated or damaged.");
        UInt128 bytes = sizeof(float);
        foreach (int size in sizes)
            bytes = size < 1 || bytes > available ? UInt128.MaxValue >> 32 : bytes * (uint)size;
        if (bytes != end - start)
            throw new DataException(
                $"the tensor {Quoted.Of(name)} has {end - start} bytes, which is not what its shape takes.");
        return (name, sizes, start, end);
    }

    private static float[] Numbers(string name, ReadOnlySpan<byte> bytes)
    {
        var values = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
            if (!float.IsFinite(values[i]))
                throw new DataException($"the tensor {Quoted.Of(name)} holds {values[i]} at position {i}; every weight must be finite.");
        }
        return values;
    }
}
