using System.Collections.Concurrent;
using System.Diagnostics;
using Hypergrad.Observability;

namespace Hypergrad.Tests.Observability;

/// <summary>Listens to the library's activities, those under one of the test's own, so that tests may run side by side.</summary>
internal sealed class ActivityRecorder : IDisposable
{
    private static readonly ActivitySource Tests = new("Hypergrad.Tests");

    private readonly ConcurrentQueue<Activity> stopped = new();
    private readonly ActivityListener listener;
    private readonly Activity root;

    public ActivityRecorder()
    {
        listener = new()
        {
            ShouldListenTo = source => source.Name is HypergradTelemetry.ActivitySourceName or "Hypergrad.Tests",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        root = Tests.StartActivity("test")!;
    }

    /// <summary>Those that have ended, in that order.</summary>
    public Activity[] Ended => [.. stopped.Where(activity => activity.TraceId == root.TraceId && activity != root)];

    public Activity[] Named(string name) => [.. Ended.Where(activity => activity.OperationName == name)];

    /// <summary>The names from the outermost down to an activity: "tuning/meta-step/hypergradient/forward".</summary>
    public string PathOf(Activity activity) => activity.Parent is { } parent && parent != root
        ? $"{PathOf(parent)}/{activity.OperationName}"
        : activity.OperationName;

    public void Dispose()
    {
        root.Dispose();
        listener.Dispose();
    }
}
