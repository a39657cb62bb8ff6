using Hypergrad.Experiments.Running;

namespace Hypergrad.Experiments.Pages;

/// <summary>An experiment, what came out of it, and how it was run.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Study">What came out.</param>
/// <param name="Facts">Machine, date, command and the like.</param>
internal sealed record Page(Experiment Experiment, Study Study, IReadOnlyList<(string Name, string Value)> Facts)
{
    /// <summary>What its files are called.</summary>
    public string Name => Experiment.Name;

    /// <summary>Whether everything that the source found came out here.</summary>
    public bool Holds => Study.Findings.All(finding => finding.Holds);
}
