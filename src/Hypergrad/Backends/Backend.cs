using Hypergrad.Backends.Managed;

namespace Hypergrad.Backends;

/// <summary>The backends of this machine.</summary>
public static class Backend
{
    private static readonly Lazy<ManagedBackend> SharedManaged = new(() => new ManagedBackend());

    /// <summary>The managed backend with as many threads as the machine has processors, shared by all who ask.</summary>
    public static IBackend Managed => SharedManaged.Value;

    /// <summary>The fastest backend that this machine can use.</summary>
    public static IBackend Best() => Managed;
}
