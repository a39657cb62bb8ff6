using Hypergrad.Files;
using Hypergrad.Observability;
using Microsoft.Extensions.Logging;

namespace Hypergrad.MetaOptimization;

/// <summary>Where a tuning's state is kept: in a folder, or in memory for as long as the tuning's object lives.</summary>
/// <param name="folder">The folder; null for memory.</param>
/// <param name="configuration">What is tuned, and how.</param>
/// <param name="computedWith">What the bits depend on here.</param>
/// <param name="allowOtherBits">Whether a state that was computed with other bits is gone on with.</param>
internal sealed class TuningStore(
    OutputFolder? folder, IReadOnlyList<(string Name, string Value)> configuration, ComputedWith computedWith, bool allowOtherBits)
{
    private TuningState? inMemory;

    /// <summary>The state that is kept, or null where this tuning has not begun.</summary>
    /// <exception cref="ConfigurationException">It is another tuning's, or would go on with other bits.</exception>
    /// <exception cref="DataException">The file is damaged.</exception>
    public TuningState? Load()
    {
        if (folder is null)
            return inMemory;
        if (TuningStateFile.Load(folder) is not { } state)
            return null;
        // Of another tuning that has done nothing yet, nothing is lost when this one takes its place.
        var before = state.ComputedWith[^1];
        bool otherBits = !before.HasBitsOf(computedWith);
        if (state.Records.Count == 0 && (otherBits || TuningConfiguration.Difference(configuration, state.Configuration) is not null))
            return null;
        TuningConfiguration.RequireSame(configuration, state.Configuration, folder.Path);
        if (!otherBits)
            return state;
        return allowOtherBits
            ? state with { ComputedWith = [.. state.ComputedWith, computedWith with { MetaStep = state.Records.Count }] }
            : throw before.Refuses(computedWith, folder.Path);
    }

    /// <summary>Keeps a state in place of the one before.</summary>
    public void Save(TuningState state, ILogger log)
    {
        inMemory = state;
        if (folder is null)
            return;
        TuningStateFile.Save(folder, state);
        log.StateKept(state.Records.Count, folder.Path);
    }

    /// <summary>The state before the first meta-step.</summary>
    /// <param name="vector">The coordinates to start from.</param>
    /// <param name="optimizer">The meta-optimizer.</param>
    public TuningState Begin(double[] vector, MetaOptimizer optimizer) =>
        TuningState.Start(configuration, vector, optimizer, [computedWith]);
}
