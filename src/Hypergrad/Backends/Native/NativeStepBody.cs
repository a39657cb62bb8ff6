using Hypergrad.Interop;

namespace Hypergrad.Backends.Native;

/// <summary>A body of steps; recorded when it is run for more than one step, or again.</summary>
internal sealed class NativeStepBody(NativeSession session, Action<Step> body) : IStepBody
{
    private readonly Action<Step> body = body ?? throw new ArgumentNullException(nameof(body));
    private NativeObject? recorded;
    private bool hasRun;

    /// <summary>What a range of steps is run with, or null where it is a single step that is as well called directly.</summary>
    public NativeObject? For(int steps)
    {
        if (recorded is null && (steps > 1 || hasRun))
            recorded = session.Record(body);
        hasRun = true;
        return recorded;
    }

    /// <summary>Does it at a step, unrecorded.</summary>
    public void Run(Step step) => body(step);

    /// <inheritdoc/>
    public void Dispose() => recorded?.Dispose();
}
