using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hypergrad.Arithmetic;
using Hypergrad.Backends.Managed.Momentum;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs;

namespace Hypergrad.Backends.Managed;

/// <summary>The exact state of a session: X, V and s of every replica, and its byte planes.</summary>
internal sealed unsafe class ManagedReversibleState<T> : IReversibleState where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ManagedSession<T> session;
    private readonly ManagedVector<T> weights, velocity, gradient;
    private readonly ManagedVector<long> positions, velocities;
    private readonly ManagedVector<ushort> digits;
    private readonly BytePlanes[] planes;
    private readonly ExactRings rings;
    private readonly int count, steps;

    public ManagedReversibleState(ManagedSession<T> session)
    {
        this.session = session;
        var run = session.Run;
        (weights, velocity, gradient) =
            ((ManagedVector<T>)session.Weights, (ManagedVector<T>)session.Velocity, (ManagedVector<T>)session.Gradient);
        (count, steps) = (run.Model.ParameterCount, run.Steps);
        var momentum = run.Momentum;
        var ratios = RatiosOf(momentum);
        rings = new(run.LearningRate, ratios, momentum.Grouping);
        positions = new(run.Replicas, count);
        velocities = new(run.Replicas, count);
        digits = new(run.Replicas, count);
        var schedule = new SpillSchedule(ratios, momentum.Grouping.Count);
        planes = new BytePlanes[run.Replicas];
        for (int replica = 0; replica < planes.Length; replica++)
            planes[replica] = new(momentum.Grouping, schedule);
    }

    public long SpilledBytes => planes[0].Count;

    public void Start()
    {
        ForEachStart((replica, start, chunk) =>
        {
            for (int i = 0; i < chunk.Length; i++)
            {
                positions.Replica(replica)[start + i] = Fixed(chunk[i], start + i);
                weights.Replica(replica)[start + i] = T.CreateTruncating(FixedPoint.ToDouble(positions.Replica(replica)[start + i]));
            }
        });
        for (int replica = 0; replica < planes.Length; replica++)
        {
            NativeMemory.Clear(velocities.Replica(replica), (nuint)count * sizeof(long));
            NativeMemory.Clear(digits.Replica(replica), (nuint)count * sizeof(ushort));
        }
    }

    [SkipLocalsInit]
    public void Advance(Step step)
    {
        rings.PrepareDrift(step.Number);
        rings.PrepareKick(step.Number);
        session.ForEachTile((replica, tile) =>
        {
            uint* wide = stackalloc uint[WeightTile.Largest];
            bool spills = planes[replica].SpillsAt(step.Number, tile);
            var arrays = Arrays(replica, tile, spills ? wide : null);
            var faults = default(Faults);
            arrays.Forward(rings.At(tile), ref faults);
            if (faults.Reason is { } reason)
                throw new TrainingDivergedException(step.Number, session.Run.Model.Tensors[tile.Tensor].Name, reason);
            if (spills)
                planes[replica].Spill(step.Number, tile, wide, arrays.Digits);
        });
    }

    public void BeginRetreat()
    {
        rings.PrepareDrift(steps - 1);
        session.ForEachTile((replica, tile) => Arrays(replica, tile, null).UndoDrift(rings.At(tile)));
    }

    [SkipLocalsInit]
    public void Retreat(Step step)
    {
        bool undoDrift = step.Number > 0;
        rings.PrepareKick(step.Number);
        if (undoDrift)
            rings.PrepareDrift(step.Number - 1);
        session.ForEachTile((replica, tile) =>
        {
            uint* wide = stackalloc uint[WeightTile.Largest];
            bool spilled = planes[replica].SpillsAt(step.Number, tile);
            var arrays = Arrays(replica, tile, spilled ? wide : null);
            if (spilled)
                planes[replica].Unspill(step.Number, tile, arrays.Digits, wide);
            arrays.Back(rings.At(tile), undoDrift);
        });
    }

    public ulong[] HashPositions() => Hash(positions);

    public ulong[] HashVelocities() => Hash(velocities);

    public bool EqualsStart()
    {
        bool equal = true;
        ForEachStart((replica, start, chunk) =>
        {
            for (int i = 0; i < chunk.Length; i++)
                equal &= positions.Replica(replica)[start + i] == Fixed(chunk[i], start + i);
        });
        for (int replica = 0; replica < planes.Length; replica++)
            equal &= !new Span<long>(velocities.Replica(replica), count).ContainsAnyExcept(0)
                && !new Span<ushort>(digits.Replica(replica), count).ContainsAnyExcept<ushort>(0);
        return equal;
    }

    public void CopyPositions(int replica, Span<long> destination) => new Span<long>(positions.Replica(replica), count).CopyTo(destination);

    public void CopyVelocities(int replica, Span<long> destination) =>
        new Span<long>(velocities.Replica(replica), count).CopyTo(destination);

    public void CopyDigits(int replica, Span<ushort> destination) => new Span<ushort>(digits.Replica(replica), count).CopyTo(destination);

    public byte[] CopyPlanes(int replica, int group) => planes[replica].Of(group).ToArray();

    public void Dispose()
    {
        positions.Dispose();
        velocities.Dispose();
        digits.Dispose();
        rings.Dispose();
        foreach (var bytes in planes)
            bytes.Dispose();
    }

    private delegate void StartChunk(int replica, int start, ReadOnlySpan<double> chunk);

    private void ForEachStart(StartChunk body)
    {
        InitialWeights initial = session.Run.InitialWeights;
        Span<double> buffer = stackalloc double[512];
        for (int replica = 0; replica < planes.Length; replica++)
            for (int start = 0; start < count; start += buffer.Length)
            {
                var chunk = buffer[..Math.Min(buffer.Length, count - start)];
                initial.Fill(replica, start, chunk);
                body(replica, start, chunk);
            }
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

    private ulong[] Hash(ManagedVector<long> values)
    {
        var hashes = new ulong[planes.Length];
        for (int replica = 0; replica < hashes.Length; replica++)
            hashes[replica] = HashVectors.Of(values.Replica(replica), count);
        return hashes;
    }

    private ExactTile<T> Arrays(int replica, in WeightTile tile, uint* wide) => new()
    {
        Position = positions.Replica(replica) + tile.Start,
        Velocity = velocities.Replica(replica) + tile.Start,
        Digits = digits.Replica(replica) + tile.Start,
        Wide = wide,
        Gradient = gradient.Replica(replica) + tile.Start,
        Weight = weights.Replica(replica) + tile.Start,
        RealVelocity = velocity.Replica(replica) + tile.Start,
        Count = tile.Count,
    };

    private static DecayRatio[] RatiosOf(ScheduleTable momentum)
    {
        momentum.RequireReversible();
        var ratios = new DecayRatio[momentum.Values.Length];
        for (int i = 0; i < ratios.Length; i++)
            ratios[i] = DecayRatio.FromMomentum(momentum.Values[i]);
        return ratios;
    }
}
