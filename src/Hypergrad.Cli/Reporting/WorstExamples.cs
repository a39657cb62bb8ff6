namespace Hypergrad.Cli.Reporting;

/// <summary>The examples of a part at which a model does worst.</summary>
/// <param name="Part">The examples, such as "test".</param>
/// <param name="Count">How many examples the part has.</param>
/// <param name="LossUnit">The unit of the losses; empty when they have none.</param>
/// <param name="Examples">The worst ones, the highest loss first.</param>
internal sealed record WorstExamples(string Part, int Count, string LossUnit, IReadOnlyList<WorstExample> Examples)
{
    /// <summary>Their pictures, in the same order; null where they are none.</summary>
    public ImageGroup? Pictures { get; init; }
}
