namespace Hypergrad.Optimizers;

/// <summary>φ of a kick.</summary>
public enum GradientFunction
{
    /// <summary>φ(g) = g.</summary>
    Gradient,

    /// <summary>φ(g) = g².</summary>
    Square,
}
