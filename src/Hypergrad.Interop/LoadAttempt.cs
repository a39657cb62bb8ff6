namespace Hypergrad.Interop;

/// <summary>A place where the native library was looked for.</summary>
/// <param name="Place">The path of the file, or what else was asked.</param>
/// <param name="IsThere">Whether there was anything.</param>
/// <param name="Trouble">Why it could not be used, or null for the one that is.</param>
public sealed record LoadAttempt(string Place, bool IsThere, string? Trouble);
