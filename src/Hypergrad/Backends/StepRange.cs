namespace Hypergrad.Backends;

/// <summary>Steps First, …, End − 1, walked forward or backward.</summary>
/// <param name="First">The earliest step.</param>
/// <param name="End">One past the latest step.</param>
/// <param name="IsBackward">Whether the latest comes first.</param>
public readonly record struct StepRange(int First, int End, bool IsBackward)
{
    /// <summary>First, First + 1, …, End − 1.</summary>
    public static StepRange Forward(int first, int end) => new(first, end, false);

    /// <summary>End − 1, …, First + 1, First.</summary>
    public static StepRange Backward(int first, int end) => new(first, end, true);
}
