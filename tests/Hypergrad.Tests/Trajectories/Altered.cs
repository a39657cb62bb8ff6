using System.Reflection;

namespace Hypergrad.Tests.Trajectories;

/// <summary>Hands every call on to an object behind an interface, and lets a test alter what some of them return.</summary>
public class Altered<T> : DispatchProxy where T : class
{
    private T original = null!;
    private Func<string, object?[], object?, object?> alter = null!;

    /// <summary>Puts itself around an object.</summary>
    /// <param name="original">What does the work.</param>
    /// <param name="alter">From a method's name, its arguments and what the original returned, what is returned instead.</param>
    public static T Around(T original, Func<string, object?[], object?, object?> alter)
    {
        var proxy = Create<T, Altered<T>>();
        ((Altered<T>)(object)proxy).original = original;
        ((Altered<T>)(object)proxy).alter = alter;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        alter(targetMethod!.Name, args ?? [], targetMethod.Invoke(original, BindingFlags.DoNotWrapExceptions, null, args, null));
}
