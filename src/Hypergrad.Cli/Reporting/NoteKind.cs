namespace Hypergrad.Cli.Reporting;

/// <summary>How loudly a note speaks.</summary>
internal enum NoteKind
{
    Information,
    Warning,
}
