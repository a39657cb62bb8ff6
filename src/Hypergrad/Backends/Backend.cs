using Hypergrad.Backends.Managed;
using Hypergrad.Backends.Native;
using Hypergrad.Networks;

namespace Hypergrad.Backends;

/// <summary>The backends of this machine.</summary>
public static class Backend
{
    private static readonly Lazy<ManagedBackend> SharedManaged = new(() => new ManagedBackend());
    private static readonly Lazy<NativeBackend> SharedNativeHost = new(NativeBackend.OnHost);
    private static readonly Lazy<NativeBackend> SharedCuda = new(() => NativeBackend.OnDevice());

    private static readonly Lazy<IBackend> SharedBest = new(() =>
    {
        try
        {
            return NativeLibraryStatus.Current.WhyNoCuda is null ? Cuda : Managed;
        }
        catch (HypergradException exception)
        {
            WhyNotCuda = $"CUDA cannot be used: {exception.Message}";
            return Managed;
        }
    });

    /// <summary>Why <see cref="Best"/>, once it was asked, is not on a device although one seemed usable; else null.</summary>
    public static string? WhyNotCuda { get; private set; }

    /// <summary>The managed backend with as many threads as the machine has processors, shared by all who ask.</summary>
    public static IBackend Managed => SharedManaged.Value;

    /// <summary>The native library on this machine's processor, shared by all who ask.</summary>
    /// <exception cref="ConfigurationException">
    /// There is no usable library; the message names each place tried and why it failed.
    /// </exception>
    public static IBackend NativeHost => SharedNativeHost.Value;

    /// <summary>The native library on the first CUDA device that it can use, shared by all who ask.</summary>
    /// <exception cref="ConfigurationException">There is no usable library or device; the message says why.</exception>
    public static IBackend Cuda => SharedCuda.Value;

    /// <summary>The forward pass of a network on the managed backend, in single precision.</summary>
    internal static IForwardPass Forward(Network network) => SharedManaged.Value.OpenForward(network);

    /// <summary>The names that <see cref="Find"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["auto", "managed", "native-host", "cuda"];

    /// <summary>The fastest backend that this machine can use: CUDA where there is a usable device, else the managed one.</summary>
    public static IBackend Best() => SharedBest.Value;

    /// <summary>The backend of a name.</summary>
    /// <param name="name">"auto" (<see cref="Best"/>), "managed", "native-host" or "cuda".</param>
    /// <exception cref="ConfigurationException">
    /// There is no such name, or the backend is not available here; the message says what was tried.
    /// </exception>
    public static IBackend Find(string name) => name switch
    {
        "auto" => Best(),
        "managed" => Managed,
        "native-host" => NativeHost,
        "cuda" => Cuda,
        _ => throw new ConfigurationException($"There is no backend \"{name}\"; choose one of {string.Join(", ", Names)}."),
    };
}
