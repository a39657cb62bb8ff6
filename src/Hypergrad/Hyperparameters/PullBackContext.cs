using Hypergrad.Models;

namespace Hypergrad.Hyperparameters;

/// <summary>What a pull-back needs to know beside the raw gradient.</summary>
/// <param name="Model">The network.</param>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Replica">Which of the runs trained side by side.</param>
internal readonly record struct PullBackContext(Mlp Model, ulong Seed, int Replica);
