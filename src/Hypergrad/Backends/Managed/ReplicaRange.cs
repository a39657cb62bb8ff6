namespace Hypergrad.Backends.Managed;

/// <summary>Replicas that are worked on.</summary>
/// <param name="First">The first.</param>
/// <param name="End">One past the last.</param>
internal readonly record struct ReplicaRange(int First, int End)
{
    /// <summary>How many.</summary>
    public int Count => End - First;
}
