namespace Hypergrad.Backends;

/// <summary>The floating-point type of a session's gradients; the exact state is 64-bit fixed point in either.</summary>
public enum Precision
{
    /// <summary>32-bit floats.</summary>
    Single,

    /// <summary>64-bit floats.</summary>
    Double,
}
