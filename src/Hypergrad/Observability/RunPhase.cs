namespace Hypergrad.Observability;

/// <summary>What a run is at.</summary>
public enum RunPhase
{
    /// <summary>It trains.</summary>
    Forward,

    /// <summary>The trained network is evaluated on the validation and test sets.</summary>
    Evaluation,

    /// <summary>The adjoint is carried back through the training.</summary>
    Reverse,
}
