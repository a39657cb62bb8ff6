namespace Hypergrad.Cli.Reporting;

/// <summary>From one value to another.</summary>
internal readonly record struct ValueRange(double Low, double High);
