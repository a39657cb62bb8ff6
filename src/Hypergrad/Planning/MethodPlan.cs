using Hypergrad.Hypergradients;

namespace Hypergrad.Planning;

/// <summary>What one hypergradient by one method takes.</summary>
/// <param name="Method">The method, with the settings that were planned for.</param>
/// <param name="Description">What to call it: its name, and what it is given.</param>
public sealed record MethodPlan(HypergradientMethod Method, string Description)
{
    /// <summary>Its work.</summary>
    public WorkCount Work { get; init; }

    /// <summary>Seconds, predicted from the calibration; NaN where it could not be calibrated.</summary>
    public double Seconds { get; init; } = double.NaN;

    /// <summary>Bytes of memory, beyond the data, worked out from sizes.</summary>
    public double Memory { get; init; } = double.NaN;

    /// <summary>Why it cannot be used for this run, with the remedy; null where it can.</summary>
    public string? WhyNot { get; init; }

    /// <summary>Whether it can be used.</summary>
    public bool IsPossible => WhyNot is null;
}
