using Hypergrad.Hypergradients;

namespace Hypergrad.Planning;

/// <summary>The methods that were measured, with what was measured of each.</summary>
/// <param name="Methods">In the order in which the calibration has them.</param>
/// <param name="Calibration">What was measured.</param>
internal sealed record MeasuredMethods(IReadOnlyList<HypergradientMethod> Methods, Calibration Calibration)
{
    private static readonly MethodTimes Unknown = new(double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>The times of a method, in seconds a step; NaN where it could not be measured.</summary>
    public MethodTimes this[HypergradientMethod method] =>
        Calibration[Methods.Index().First(entry => entry.Item == method).Index] ?? Unknown;

    /// <summary>The times of the first method of a kind; NaN where there is none.</summary>
    public MethodTimes First<T>() where T : HypergradientMethod =>
        Methods.FirstOrDefault(method => method is T) is { } first ? this[first] : Unknown;
}
