namespace Hypergrad.Cli.Reporting;

/// <summary>A measured number, with the standard error of its mean where several replicas were run.</summary>
internal readonly record struct Measurement(double Value, double? StandardError = null)
{
    public static implicit operator Measurement(double value) => new(value);
}
