using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Momentum;

/// <summary>The coefficients of eight weights at one step.</summary>
internal struct ExactCoefficients
{
    /// <summary>n, the numerator of γ.</summary>
    public Vector512<double> Ratio;

    /// <summary>The double just above 1/n.</summary>
    public Vector512<double> AboveInverse;

    /// <summary>(1 − γ)·2⁵².</summary>
    public Vector512<double> Kick;

    /// <summary>α.</summary>
    public Vector512<double> LearningRate;
}
