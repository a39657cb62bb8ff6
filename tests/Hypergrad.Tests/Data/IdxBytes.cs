using System.Buffers.Binary;

namespace Hypergrad.Tests.Data;

/// <summary>Makes small IDX files.</summary>
internal static class IdxBytes
{
    /// <summary>A header followed by elements already in bytes.</summary>
    public static byte[] File(byte element, int[] sizes, params byte[] elements)
    {
        var header = new byte[4 + 4 * sizes.Length];
        (header[2], header[3]) = (element, (byte)sizes.Length);
        for (int i = 0; i < sizes.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), sizes[i]);
        return [.. header, .. elements];
    }

    /// <summary>Three pictures of height 2 and width 3: pixels 0 to 17, times 15.</summary>
    public static byte[] Images() => File(8, [3, 2, 3], [.. Enumerable.Range(0, 18).Select(i => (byte)(15 * i))]);

    /// <summary>The labels 2, 0, 1.</summary>
    public static byte[] Labels() => File(8, [3], 2, 0, 1);
}
