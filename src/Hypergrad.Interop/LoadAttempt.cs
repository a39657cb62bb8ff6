namespace Hypergrad.Interop;

/// <summary>A place where the native library was looked for.</summary>
/// <param name="Place">The path of the file, or what else was asked.</param>
/// <param name="Failure">Why it could not be used, or null for the one that is.</param>
/// <param name="IsComplaint">Whether the trouble is worth a complaint: something is there, or was said to be.</param>
public sealed record LoadAttempt(string Place, string? Failure, bool IsComplaint);
