using Hypergrad.Experiments.Pages;

namespace Hypergrad.Experiments.Running;

/// <summary>What came out of an experiment.</summary>
/// <param name="Setting">What was trained on what, as a sentence.</param>
/// <param name="InShort">What we found, in one line for the index.</param>
/// <param name="Ours">What we found, in words; where it differs from the source, it says so and why.</param>
/// <param name="Findings">The machine-checked statements.</param>
/// <param name="Blocks">Pictures and tables, in order.</param>
internal sealed record Study(string Setting, string InShort, string Ours, IReadOnlyList<Finding> Findings, IReadOnlyList<Block> Blocks)
{
    /// <summary>The baselines that it was compared with, won or lost; empty where there is nothing to compare.</summary>
    public IReadOnlyList<Contest> Contests { get; init; } = [];
}
