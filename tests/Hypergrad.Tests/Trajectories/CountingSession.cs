using System.Reflection;
using Hypergrad.Backends;

namespace Hypergrad.Tests.Trajectories;

/// <summary>Hands every call on to a session and counts them by name.</summary>
public class CountingSession : DispatchProxy
{
    private ISession session = null!;

    public Dictionary<string, int> Calls { get; } = [];

    public static (ISession Session, Dictionary<string, int> Calls) Around(ISession session)
    {
        var proxy = Create<ISession, CountingSession>();
        ((CountingSession)proxy).session = session;
        return (proxy, ((CountingSession)proxy).Calls);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Calls[targetMethod!.Name] = Calls.GetValueOrDefault(targetMethod.Name) + 1;
        return targetMethod.Invoke(session, args);
    }
}
