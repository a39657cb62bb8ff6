namespace Hypergrad.Data;

/// <summary>Recognises the first four bytes of an IDX file, and tells what a file is that is none.</summary>
internal static class IdxMagic
{
    /// <summary>The element type, once the first four bytes are known to be an IDX file's.</summary>
    /// <exception cref="DataException">They are not; the message says what they are and what they should be.</exception>
    public static IdxElement Check(string path, ReadOnlySpan<byte> content)
    {
        if (content.Length >= 4 && content[0] == 0 && content[1] == 0 && Enum.IsDefined((IdxElement)content[2]) && content[3] > 0)
            return (IdxElement)content[2];
        string found = Convert.ToHexString(content[..Math.Min(4, content.Length)]);
        throw new DataException($"{path}: this is not an IDX file: it begins with {found}{Guess(content)}; an IDX file begins with 0000, "
            + "the element type (08, 09, 0B, 0C, 0D or 0E) and the rank: 00000803 for images of bytes, 00000801 for labels.");
    }

    private static string Guess(ReadOnlySpan<byte> content) => content switch
    {
        [0x50, 0x4B, ..] => " (a ZIP archive: unpack it)",
        [0x89, 0x50, 0x4E, 0x47, ..] => " (a PNG picture)",
        [0x42, 0x5A, 0x68, ..] => " (a bzip2 file: unpack it)",
        [0xFD, 0x37, 0x7A, 0x58, ..] => " (an xz file: unpack it)",
        [0x1F, 0x8B, ..] => " (gzip inside gzip: unpack it)",
        [0x3C, ..] => " (a web page?)",
        [0x93, 0x4E, 0x55, 0x4D, ..] => " (a NumPy array)",
        _ when content[..Math.Min(64, content.Length)].IndexOfAnyExceptInRange((byte)9, (byte)126) < 0 => " (text: a CSV file?)",
        _ => "",
    };
}
