namespace Hypergrad.Backends;

/// <summary>Bodies of steps that are run once.</summary>
public static class StepBodies
{
    /// <summary>Runs a body once for every step of the range, in its order.</summary>
    /// <inheritdoc cref="ISession.NewBody" path="/param[@name='body']"/>
    public static void ForEachStep(this ISession session, StepRange range, Action<Step> body)
    {
        ArgumentNullException.ThrowIfNull(session);
        using var once = session.NewBody(body);
        session.ForEachStep(range, once);
    }
}
