namespace Hypergrad.Cli;

/// <summary>What the command tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>Something unforeseen: a fault of the program.</summary>
    public const int Fault = 1;

    /// <summary>Wrong usage, or settings that make no sense.</summary>
    public const int Usage = 2;

    /// <summary>Bad data.</summary>
    public const int Data = 3;

    /// <summary>Training diverged, or its hypergradient did.</summary>
    public const int Diverged = 4;

    /// <summary>A reversal was not exact.</summary>
    public const int NotExact = 5;

    /// <summary>There is too little memory.</summary>
    public const int Memory = 6;

    /// <summary>Another tuning is using the folder.</summary>
    public const int FolderInUse = 7;

    /// <summary>The standard output is full, or cannot be written to for another reason; one that is closed is no trouble.</summary>
    public const int Output = 8;

    /// <summary>Interrupted by SIGINT (Ctrl-C), SIGTERM or SIGHUP.</summary>
    public const int Interrupted = 130;
}
