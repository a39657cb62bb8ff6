namespace Hypergrad.Data;

/// <summary>
/// The types an IDX file's elements can have; the value is the third byte of the file. All are stored with the highest byte first.
/// </summary>
internal enum IdxElement : byte
{
    /// <summary>0 to 255: pixels and labels.</summary>
    UnsignedByte = 0x08,

    /// <summary>−128 to 127.</summary>
    SignedByte = 0x09,

    /// <summary>16 bits, signed.</summary>
    Short = 0x0B,

    /// <summary>32 bits, signed.</summary>
    Integer = 0x0C,

    /// <summary>Single precision.</summary>
    Single = 0x0D,

    /// <summary>Double precision.</summary>
    Double = 0x0E,
}
