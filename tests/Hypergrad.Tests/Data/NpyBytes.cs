using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Hypergrad.Tests.Data;

/// <summary>Makes NPY files and NPZ archives as NumPy does.</summary>
internal static class NpyBytes
{
    public static byte[] File<T>(string type, string shape, params T[] elements) where T : struct =>
        File($"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}", MemoryMarshal.AsBytes(elements.AsSpan()).ToArray());

    public static byte[] File(string dictionary, byte[] elements)
    {
        byte[] text = Encoding.ASCII.GetBytes(dictionary.PadRight((dictionary.Length + 10) / 64 * 64 + 53) + "\n"), length = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        return [0x93, .. "NUMPY"u8, 1, 0, .. length, .. text, .. elements];
    }

    public static byte[] Archive(params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in entries)
                using (var entry = archive.CreateEntry(name).Open())
                    entry.Write(content);
        return stream.ToArray();
    }

    /// <summary>Three examples of two numbers, of the classes 1, 0, 1.</summary>
    public static byte[] Small() => Archive(
        ("x.npy", File<float>("<f4", "(3, 2)", 1, 2, 3, 4, 5, 6)), ("y.npy", File<long>("<i8", "(3,)", 1, 0, 1)));
}
