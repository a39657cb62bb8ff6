namespace Hypergrad.Cli.Reporting;

/// <summary>One line of a list of settings or facts, in words.</summary>
internal sealed record NamedValue(string Name, string Value);
