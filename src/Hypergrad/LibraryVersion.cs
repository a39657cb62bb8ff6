using System.Reflection;

namespace Hypergrad;

/// <summary>The version of this library.</summary>
internal static class LibraryVersion
{
    /// <summary>Such as 0.1.0.</summary>
    public static string Text { get; } =
        typeof(LibraryVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? "unknown";
}
