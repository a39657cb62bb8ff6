using Hypergrad.Networks;

namespace Hypergrad.Hyperparameters;

/// <summary>What a pull-back needs to know beside the raw gradient.</summary>
/// <param name="Network">The network.</param>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Replica">Which of the runs trained side by side.</param>
internal readonly record struct PullBackContext(Network Network, ulong Seed, int Replica);
