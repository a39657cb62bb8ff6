namespace Hypergrad.Cli.Reporting;

/// <summary>A sentence the reader must not miss, shown above the figures.</summary>
internal sealed record ReportNote(NoteKind Kind, string Text);
