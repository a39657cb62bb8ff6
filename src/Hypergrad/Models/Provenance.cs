using Hypergrad.Runs;

namespace Hypergrad.Models;

/// <summary>Where a model comes from.</summary>
public sealed record Provenance
{
    /// <summary>That of a run.</summary>
    /// <param name="run">The run that was trained.</param>
    /// <param name="data">What it was trained on, in words.</param>
    /// <param name="trainingLosses">The training loss of every step, the mean over the replicas; [steps].</param>
    public static Provenance Of(TrainingRun run, string data, IReadOnlyList<double> trainingLosses)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(trainingLosses);
        return new()
        {
            Version = LibraryVersion.Text,
            Data = data,
            TrainingExamples = run.Training.Count,
            Steps = run.Steps,
            BatchSize = run.BatchSize,
            Sampling = run.Sampling,
            Seed = run.Seed,
            TrainingLoss = trainingLosses.Skip(trainingLosses.Count - Math.Max(1, trainingLosses.Count / 10)).Average(),
        };
    }

    /// <summary>The version of this library that trained it.</summary>
    public required string Version { get; init; }

    /// <summary>What it was trained on, in words: a file, "generated digits, seed 1".</summary>
    public required string Data { get; init; }

    /// <summary>How many examples it was trained on.</summary>
    public required int TrainingExamples { get; init; }

    /// <summary>How many training steps.</summary>
    public required int Steps { get; init; }

    /// <summary>Examples per step.</summary>
    public required int BatchSize { get; init; }

    /// <summary>How the minibatches were chosen.</summary>
    public required Sampling Sampling { get; init; }

    /// <summary>The seed of initial weights, minibatches and dropout masks.</summary>
    public required ulong Seed { get; init; }

    /// <summary>
    /// The mean training loss over the last tenth of the steps, penalties included, in training's units; NaN where it was not finite.
    /// </summary>
    public required double TrainingLoss { get; init; }

    /// <summary>The mean validation loss, in training's units; null where none was kept aside.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The mean test loss, in training's units; null where there was no test set.</summary>
    public double? TestLoss { get; init; }
}
