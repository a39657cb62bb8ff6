namespace Hypergrad.Backends.Managed;

/// <summary>A body of steps that is simply called.</summary>
internal sealed class ManagedStepBody(Action<Step> body) : IStepBody
{
    private readonly Action<Step> body = body ?? throw new ArgumentNullException(nameof(body));

    /// <summary>Does it at a step.</summary>
    public void Run(Step step) => body(step);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
