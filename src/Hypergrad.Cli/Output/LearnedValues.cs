using Hypergrad.Cli.Reporting;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;

namespace Hypergrad.Cli.Output;

/// <summary>The learned hyperparameters that are neither schedules over the steps nor pictures.</summary>
internal static class LearnedValues
{
    // Beyond this a drawing of single values says nothing.
    private const int Most = 2000;

    public static IEnumerable<ValueChangeGroup> Of(TuningResult result)
    {
        foreach (var (before, after) in ReportBuilder.Changes(result))
        {
            bool drawnElsewhere = before.Hyperparameter is Schedule { IsPerStep: true } || LearnedImages.Draws(before, result.Start);
            if (drawnElsewhere || before.Count > Most)
                continue;
            yield return new($"{char.ToUpperInvariant(before.Name[0])}{before.Name[1..]}", before.Name, before.Transform == Transform.Log,
                [.. Enumerable.Range(0, before.Count).Select(i =>
                    new ValueChange(before.Hyperparameter.NameOf(i, result.Start.Model), before.Values[i], after.Values[i]))]);
        }
    }
}
