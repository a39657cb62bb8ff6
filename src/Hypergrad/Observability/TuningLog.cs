using Microsoft.Extensions.Logging;

namespace Hypergrad.Observability;

/// <summary>What a tuning writes to a log.</summary>
internal static partial class TuningLog
{
    [LoggerMessage(20, LogLevel.Information,
        "Tuning {Coordinates} hyperparameters of {Network} in {MetaSteps} meta-steps of {Steps} training steps, on {Backend}.")]
    public static partial void Begins(
        this ILogger logger, int coordinates, string network, int metaSteps, int steps, string backend);

    [LoggerMessage(21, LogLevel.Information, "Going on with a tuning of which {Done} of {MetaSteps} meta-steps are done.")]
    public static partial void GoesOn(this ILogger logger, int done, int metaSteps);

    [LoggerMessage(22, LogLevel.Information,
        "Meta-step {MetaStep} of {MetaSteps}: validation loss {ValidationLoss:G5}, hypergradient {GradientNorm:G3}, in {Seconds:F2} s.")]
    public static partial void MetaStepKept(
        this ILogger logger, int metaStep, int metaSteps, double validationLoss, double gradientNorm, double seconds);

    [LoggerMessage(23, LogLevel.Information,
        "Meta-step {MetaStep} of {MetaSteps} is taken back: its validation loss {ValidationLoss:G5} is above {BestLoss:G5}.")]
    public static partial void MetaStepTakenBack(
        this ILogger logger, int metaStep, int metaSteps, double validationLoss, double bestLoss);

    [LoggerMessage(24, LogLevel.Warning, "Meta-step {MetaStep} of {MetaSteps} is taken back: {Reason}")]
    public static partial void MetaStepDiverged(this ILogger logger, int metaStep, int metaSteps, string reason);

    [LoggerMessage(25, LogLevel.Information,
        "Tuned in {MetaSteps} meta-steps: the validation loss went from {FirstLoss:G5} to {BestLoss:G5}.")]
    public static partial void Tuned(this ILogger logger, int metaSteps, double firstLoss, double bestLoss);

    [LoggerMessage(26, LogLevel.Information, "Stopped by a cancellation; {Done} of {MetaSteps} meta-steps are done and kept.")]
    public static partial void TuningStopped(this ILogger logger, int done, int metaSteps);

    [LoggerMessage(27, LogLevel.Warning, "Going on with other bits: the tuning was computed with {Before}, and is now with {Now}.")]
    public static partial void OtherBits(this ILogger logger, string before, string now);

    [LoggerMessage(28, LogLevel.Debug, "The state after {Done} meta-steps is kept in {Folder}.")]
    public static partial void StateKept(this ILogger logger, int done, string folder);
}
