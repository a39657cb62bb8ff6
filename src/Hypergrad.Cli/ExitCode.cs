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

    /// <summary>Interrupted by the user.</summary>
    public const int Interrupted = 130;
}
