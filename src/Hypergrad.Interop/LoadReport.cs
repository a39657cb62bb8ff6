namespace Hypergrad.Interop;

/// <summary>How the search for the native library went.</summary>
public sealed record LoadReport
{
    internal LoadReport(nint handle, IReadOnlyList<LoadAttempt> attempts) => (Handle, Attempts) = (handle, attempts);

    /// <summary>Every place that was tried, in order; when the library is loaded, the last one is where it was.</summary>
    public IReadOnlyList<LoadAttempt> Attempts { get; }

    /// <summary>Whether the library is loaded and of the right ABI version.</summary>
    public bool IsLoaded => Handle != 0;

    /// <summary>Where the library was, or null when none is loaded.</summary>
    public string? Path => IsLoaded ? Attempts[^1].Place : null;

    /// <summary>What was there but could not be used, and why, in one line; null when there is nothing to complain about.</summary>
    public string? Warning =>
        IsLoaded || !Attempts.Any(attempt => attempt.IsComplaint) ? null : Join(Attempts.Where(attempt => attempt.IsComplaint));

    /// <summary>One line: where the library is, or every place that was tried and why it failed.</summary>
    public string Summary => IsLoaded ? Path! : Join(Attempts);

    /// <summary>The loaded library, or 0.</summary>
    internal nint Handle { get; }

    private static string Join(IEnumerable<LoadAttempt> attempts) =>
        string.Join("; ", attempts.Select(attempt => $"{attempt.Place}: {attempt.Failure}"));
}
