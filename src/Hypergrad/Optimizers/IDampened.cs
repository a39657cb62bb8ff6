namespace Hypergrad.Optimizers;

/// <summary>An optimizer whose velocity takes 1 − δ of each gradient.</summary>
public interface IDampened
{
    /// <summary>δ, or null for the momentum γ of the same step and group (Maclaurin, Duvenaud, Adams 2015).</summary>
    double? Dampening { get; }

    /// <summary>The same optimizer with another dampening.</summary>
    Optimizer WithDampening(double? dampening);
}
