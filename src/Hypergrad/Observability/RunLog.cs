using Microsoft.Extensions.Logging;

namespace Hypergrad.Observability;

/// <summary>What a training or a hypergradient writes to a log: its course, at level Debug.</summary>
internal static partial class RunLog
{
    [LoggerMessage(1, LogLevel.Debug, "Training {Network} for {Steps} steps, {Replicas} replicas, on {Backend} in {Precision} precision.")]
    public static partial void TrainingBegins(
        this ILogger logger, string network, int steps, int replicas, string backend, string precision);

    [LoggerMessage(2, LogLevel.Debug, "Trained for {Steps} steps; the last training loss is {TrainingLoss:G5}.")]
    public static partial void Trained(this ILogger logger, int steps, double trainingLoss);

    [LoggerMessage(3, LogLevel.Debug, "Evaluated: the validation loss is {ValidationLoss:G5}.")]
    public static partial void Evaluated(this ILogger logger, double validationLoss);

    [LoggerMessage(4, LogLevel.Debug,
        "Went back over {Steps} steps by the {Method} method; to the bit: {Exact}; {Bits:G3} bits per weight and step.")]
    public static partial void WentBack(this ILogger logger, int steps, string method, bool? exact, double? bits);
}
