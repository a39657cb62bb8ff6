using Hypergrad.Optimizers;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>The weights or one slot of a run in fixed point: one word per number, or two for a second moment.</summary>
internal sealed class ExactNumbers(Slot slot, int replicas, int count) : IDisposable
{
    /// <summary>What they are.</summary>
    public Slot Slot { get; } = slot;

    /// <summary>The numbers, or the upper words of second moments.</summary>
    public ManagedVector<long> Upper { get; } = new(replicas, count);

    /// <summary>The lower words of second moments.</summary>
    public ManagedVector<long>? Lower { get; } = slot.IsSecondMoment ? new(replicas, count) : null;

    /// <summary>What is said of a number that leaves its range.</summary>
    public string OutOfRange => Slot.IsSecondMoment
        ? $"a {Slot.Name} left its fixed-point range of 0 to 2³¹"
        : $"a {Slot.Name} left the fixed-point range of ±2048";

    public void Dispose()
    {
        Upper.Dispose();
        Lower?.Dispose();
    }
}
