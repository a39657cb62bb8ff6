namespace Hypergrad.Backends.Managed.Products;

/// <summary>The depth of a product in runs of one length, which lie apart in A or in B.</summary>
/// <param name="Count">How many runs.</param>
/// <param name="NextA">Numbers from the end of a run of A to the beginning of the next.</param>
/// <param name="NextB">The same of B.</param>
internal readonly record struct DepthRuns(nint Count, nint NextA, nint NextB)
{
    /// <summary>All of the depth in one.</summary>
    public static DepthRuns One => new(1, 0, 0);
}
