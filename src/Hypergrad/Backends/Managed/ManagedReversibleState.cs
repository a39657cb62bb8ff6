using System.Numerics;
using Hypergrad.Arithmetic;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Backends.Managed.Updates;
using Hypergrad.Optimizers;

namespace Hypergrad.Backends.Managed;

/// <summary>The exact state of a session: weights and slots of every replica in fixed point, and the updates that move them.</summary>
internal sealed unsafe class ManagedReversibleState<T> : IReversibleState where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ManagedSession<T> session;
    private readonly ExactNumbers[] numbers;
    private readonly ManagedVector<T>[] real;
    private readonly ExactUpdate[] updates, ofWeights, ofSlots;
    private readonly ExactDecay?[] decays;
    private readonly int count, replicas;

    public ManagedReversibleState(ManagedSession<T> session)
    {
        var optimizer = session.Run.Optimizer;
        if (optimizer.WhyIrreversible() is { } reason)
            throw new ConfigurationException($"{char.ToUpperInvariant(reason[0])}{reason[1..]}.");
        this.session = session;
        (count, replicas) = (session.Run.Network.ParameterCount, session.Run.Replicas);
        Slot[] all = [Slot.Weights, .. optimizer.Slots];
        numbers = [.. all.Select(slot => new ExactNumbers(slot, replicas, count))];
        real = [(ManagedVector<T>)session.Weights, .. session.Slots.Cast<ManagedVector<T>>()];
        var made = new List<(ExactUpdate Update, bool OfWeights)>();
        decays = new ExactDecay?[optimizer.Decays.Count()];
        int decay = 0;
        foreach (var update in optimizer.Updates)
            if ((update is Decay one
                ? decays[decay++] = ExactDecay.Of(one, Of(update.Target), replicas, count)
                : Make(update)) is { } exact)
                made.Add((exact, update.Target.IsWeights));
        updates = [.. made.Select(entry => entry.Update)];
        ofWeights = [.. made.Where(entry => entry.OfWeights).Select(entry => entry.Update).Reverse()];
        ofSlots = [.. made.Where(entry => !entry.OfWeights).Select(entry => entry.Update).Reverse()];
    }

    public long SpilledBytes => decays.Sum(decay => decay?.Planes(0).Count ?? 0);

    public long ResidentBytes => decays.Sum(decay => (long)count * (decay?.WordBytes ?? 0));

    public void Start()
    {
        session.ForgetEvaluations();
        session.Work.ForEachTile((replica, in tile, _) =>
        {
            long* x = numbers[0].Upper.Replica(replica) + tile.Start;
            Span<double> initial = stackalloc double[tile.Count];
            session.FillInitial(replica, tile.Start, initial);
            for (int i = 0; i < tile.Count; i++)
                x[i] = Fixed(initial[i], tile.Start + i);
            foreach (var slot in numbers.AsSpan(1))
            {
                slot.Upper.Of(replica, tile).Clear();
                slot.Lower?.Of(replica, tile).Clear();
            }
            foreach (var decay in decays)
                decay?.Clear(replica, tile);
            Export(0, replica, tile);
        });
        session.Work.Do();
    }

    public void Advance(Step step)
    {
        Prepare(ofWeights, step);
        Prepare(ofSlots, step);
        session.Work.ForEachTile((replica, in tile, _) =>
        {
            foreach (var update in updates)
                if (update.Advance(step.Number, replica, tile) is { } reason)
                    throw new TrainingDivergedException(step.Number, session.Run.Network.Tensors[tile.Tensor].Name, reason);
            Export(0, replica, tile);
        });
    }

    public void BeginRetreat() => session.Work.ForEachTile((replica, in tile, _) => ExportSlots(replica, tile));

    public void RetreatWeights(Step step)
    {
        Prepare(ofWeights, step);
        session.Work.ForEachTile((replica, in tile, _) =>
        {
            foreach (var update in ofWeights)
                update.Undo(step.Number, replica, tile);
            Export(0, replica, tile);
        });
    }

    public void RetreatSlots(Step step)
    {
        Prepare(ofSlots, step);
        session.Work.ForEachTile((replica, in tile, _) =>
        {
            foreach (var update in ofSlots)
                update.Undo(step.Number, replica, tile);
            ExportSlots(replica, tile);
        });
    }

    public ulong[] Hash()
    {
        var parts = new ulong[session.Work.Count];
        session.Work.ForEachTile((replica, in tile, index) => parts[replica * (parts.Length / replicas) + index] = Hash(replica, tile));
        session.Work.Do();
        return [.. parts.Chunk(parts.Length / replicas).Select(of => of.Aggregate(0UL, (sum, part) => sum + part))];
    }

    public bool EqualsStart()
    {
        int different = 0;
        session.Work.ForEachTile((replica, in tile, _) =>
        {
            if (!EqualsStart(replica, tile))
                Interlocked.Exchange(ref different, 1);
        });
        session.Work.Do();
        return different == 0;
    }

    public void CopyNumbers(int slot, int replica, Span<long> destination) =>
        new Span<long>(numbers[slot + 1].Upper.Replica(replica), count).CopyTo(destination);

    public void CopyLowerWords(int slot, int replica, Span<ulong> destination) =>
        new Span<ulong>(numbers[slot + 1].Lower!.Replica(replica), count).CopyTo(destination);

    public void CopyStores(int decay, int replica, Span<uint> destination)
    {
        if (decays[decay] is { } kept)
            kept.CopyStores(replica, destination);
        else
            destination[..count].Clear();
    }

    public byte[] CopyPlanes(int decay, int replica, int group) => decays[decay]?.Planes(replica).Of(group).ToArray() ?? [];

    public void Dispose()
    {
        foreach (var array in numbers)
            array.Dispose();
        foreach (var update in updates)
            update.Dispose();
    }

    private ExactNumbers Of(Slot slot) => numbers[session.Run.Optimizer.IndexOf(slot) + 1];

    private ExactUpdate Make(Update update) => update switch
    {
        Kick kick => new ExactKick<T>(kick.Coefficient, Of(kick.Target), (ManagedVector<T>)session.Gradient),
        Drift drift => new ExactDrift(drift, numbers[0], [.. drift.Direction.Slots.Select(Of)]),
        _ => throw new ConfigurationException($"There is no exact arithmetic for a {update.GetType().Name}."),
    };

    private void Prepare(ExactUpdate[] some, Step step)
    {
        session.Work.Claim(some);
        foreach (var update in some)
            update.Prepare(step.Number);
    }

    private ulong Hash(int replica, in WeightTile tile)
    {
        ulong sum = 0, factor = 1;
        foreach (var slot in numbers)
        {
            sum += factor * HashVectors.Of(slot.Upper.Replica(replica) + tile.Start, tile.Count, tile.Start);
            factor += 2;
            if (slot.Lower is not { } lower)
                continue;
            sum += factor * HashVectors.Of(lower.Replica(replica) + tile.Start, tile.Count, tile.Start);
            factor += 2;
        }
        foreach (var decay in decays)
            if (decay is not null)
            {
                sum += factor * decay.Hash(replica, tile);
                factor += 2;
            }
        return sum;
    }

    private bool EqualsStart(int replica, in WeightTile tile)
    {
        long* x = numbers[0].Upper.Replica(replica) + tile.Start;
        Span<double> initial = stackalloc double[tile.Count];
        session.FillInitial(replica, tile.Start, initial);
        for (int i = 0; i < tile.Count; i++)
            if (x[i] != Fixed(initial[i], tile.Start + i))
                return false;
        foreach (var slot in numbers.AsSpan(1))
            if (slot.Upper.Of(replica, tile).ContainsAnyExcept(0)
                || slot.Lower is { } lower && lower.Of(replica, tile).ContainsAnyExcept(0))
                return false;
        foreach (var decay in decays)
            if (decay?.IsZero(replica, tile) == false)
                return false;
        return true;
    }

    // A float session starts from the float nearest to w₀, as every other trajectory of it does.
    private static long Fixed(double weight, int index)
    {
        double value = double.CreateTruncating(T.CreateTruncating(weight));
        return Math.Abs(value) < FixedPoint.Range
            ? FixedPoint.FromDouble(value)
            : throw new ConfigurationException(
                $"The initial weight {index} is {weight}; the exact arithmetic holds weights up to ±{FixedPoint.Range}. "
                + "Lower the initial scale.");
    }

    private void ExportSlots(int replica, in WeightTile tile)
    {
        for (int slot = 1; slot < numbers.Length; slot++)
            Export(slot, replica, tile);
    }

    // The session's floating-point vector of a slot becomes what the fixed-point numbers are.
    private void Export(int slot, int replica, in WeightTile tile)
    {
        long* upper = numbers[slot].Upper.Replica(replica) + tile.Start;
        T* target = real[slot].Replica(replica) + tile.Start;
        if (numbers[slot].Lower is { } lower)
            RealNumbers.OfSecondMoments(upper, lower.Replica(replica) + tile.Start, target, tile.Count);
        else
            RealNumbers.Of(upper, target, tile.Count);
    }
}
