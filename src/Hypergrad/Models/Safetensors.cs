using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Hypergrad.Models;

/// <summary>
/// Writes tensors in the safetensors format (https://huggingface.co/docs/safetensors): the header's length as 8 bytes, lowest first, a
/// header in JSON with each tensor's type, sizes and place, then the numbers, tensor after tensor without gaps.
/// </summary>
internal static class Safetensors
{
    /// <summary>The format's own bound on the header.</summary>
    public const int LongestHeader = 100_000_000;

    /// <summary>The bytes of the length before the header.</summary>
    public const int LengthBytes = sizeof(ulong);

    // The numbers begin at a multiple of this; spaces fill the header up.
    private const int Alignment = 8;

    /// <summary>The bytes of a file.</summary>
    /// <param name="tensors">The tensors, in the order in which their numbers are written.</param>
    public static byte[] ToBytes(IReadOnlyList<NamedTensor> tensors)
    {
        var header = Header(tensors);
        long total = LengthBytes + header.Length + tensors.Sum(tensor => (long)tensor.Values.Length * sizeof(float));
        if (total > Array.MaxLength)
            throw new ConfigurationException($"The weights take {total} bytes; a model has at most {Array.MaxLength}. Use fewer replicas.");
        var bytes = new byte[total];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        header.CopyTo(bytes.AsSpan(LengthBytes));
        int at = LengthBytes + header.Length;
        foreach (var tensor in tensors)
            at += Write(tensor.Values, bytes.AsSpan(at));
        return bytes;
    }

    private static byte[] Header(IReadOnlyList<NamedTensor> tensors)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "hypergrad");
            json.WriteEndObject();
            long start = 0;
            foreach (var tensor in tensors)
                start = WriteEntry(json, tensor, start);
            json.WriteEndObject();
        }
        var header = new byte[(buffer.WrittenCount + Alignment - 1) / Alignment * Alignment];
        Array.Fill(header, (byte)' ');
        buffer.WrittenSpan.CopyTo(header);
        return header;
    }

    private static long WriteEntry(Utf8JsonWriter json, NamedTensor tensor, long start)
    {
        long end = start + (long)tensor.Values.Length * sizeof(float);
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", "F32");
        json.WriteStartArray("shape");
        foreach (int size in tensor.Sizes)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(start);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
        return end;
    }

    private static int Write(ReadOnlySpan<float> values, Span<byte> destination)
    {
        if (BitConverter.IsLittleEndian)
            MemoryMarshal.AsBytes(values).CopyTo(destination);
        else
            for (int i = 0; i < values.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(destination[(i * sizeof(float))..], values[i]);
        return values.Length * sizeof(float);
    }
}
