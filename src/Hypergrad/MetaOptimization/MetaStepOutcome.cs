namespace Hypergrad.MetaOptimization;

/// <summary>What became of the hyperparameters that a meta-step tried.</summary>
public enum MetaStepOutcome
{
    /// <summary>The next step goes on from them.</summary>
    Kept,

    /// <summary>They made the validation loss worse: the next, shorter step starts from the best ones again.</summary>
    TakenBack,

    /// <summary>Training with them, or its hypergradient, diverged, or they left their range: likewise.</summary>
    Diverged,
}
