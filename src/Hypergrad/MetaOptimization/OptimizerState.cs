namespace Hypergrad.MetaOptimization;

/// <summary>What a meta-optimiser remembers from one meta-step to the next.</summary>
/// <param name="Step">How many updates have been made.</param>
/// <param name="First">The first moment's running estimate, [coordinates]; empty where the optimiser has none.</param>
/// <param name="Second">The second moment's running estimate, [coordinates]; empty where the optimiser has none.</param>
public sealed record OptimizerState(int Step, double[] First, double[] Second);
