using System.Diagnostics;

namespace Hypergrad.Observability;

/// <summary>
/// The names under which a program hears of what the library does, by <see cref="System.Diagnostics.ActivitySource"/> and
/// <see cref="System.Diagnostics.Metrics.Meter"/>; docs/observability.md lists activities, tags and instruments.
/// </summary>
public static class HypergradTelemetry
{
    /// <summary>The name of the source of activities, for <c>AddSource</c> of OpenTelemetry.</summary>
    public const string ActivitySourceName = "Hypergrad";

    /// <summary>The name of the meter, for <c>AddMeter</c> of OpenTelemetry.</summary>
    public const string MeterName = "Hypergrad";

    internal static ActivitySource Source { get; } = new(ActivitySourceName, LibraryVersion.Text);

    /// <summary>Begins an activity as a child of the current one; null where nobody listens.</summary>
    /// <param name="name">One of <see cref="ActivityNames"/>.</param>
    /// <param name="tags">What is known at its start; not computed where nobody listens.</param>
    internal static Activity? Begin(string name, Func<IEnumerable<KeyValuePair<string, object?>>>? tags = null) =>
        Source.HasListeners() ? Source.StartActivity(ActivityKind.Internal, tags: tags?.Invoke(), name: name) : null;

    /// <summary>Says of an activity that it ended with an error.</summary>
    internal static void Fail(this Activity? activity, Exception exception)
    {
        activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
        activity?.AddException(exception);
    }
}
