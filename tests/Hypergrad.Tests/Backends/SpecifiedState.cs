using Hypergrad.Arithmetic;
using Hypergrad.Hyperparameters;
using Hypergrad.Optimizers;

namespace Hypergrad.Tests.Backends;

/// <summary>The exact state of one replica, number by number, after <see cref="ReversibleNumber"/>: what the kernels must equal.</summary>
internal sealed class SpecifiedState
{
    private readonly RawOptimizer optimizer;
    private readonly Dictionary<Slot, ReversibleNumber[]> numbers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Coefficient, int[]> groups = new(ReferenceEqualityComparer.Instance);
    private readonly DecayState[] decays;
    private readonly int count;

    public SpecifiedState(RawOptimizer optimizer, double[] start)
    {
        (this.optimizer, count) = (optimizer, start.Length);
        numbers.Add(Slot.Weights, [.. start.Select(w => new ReversibleNumber { Value = FixedPoint.FromDouble(w) })]);
        foreach (var slot in optimizer.Slots)
            numbers.Add(slot, new ReversibleNumber[count]);
        foreach (var coefficient in optimizer.Coefficients)
            groups[coefficient] = GroupsOf(coefficient.Grouping);
        decays = [.. optimizer.Decays.Select(decay => new DecayState(decay))];
    }

    /// <summary>The slots of the optimizer, the weights before them.</summary>
    public IEnumerable<Slot> Slots => optimizer.Slots.Prepend(Slot.Weights);

    /// <summary>Every number of a slot, of the weights for <see cref="Slot.Weights"/>.</summary>
    public Int128[] Numbers(Slot slot) => [.. numbers[slot].Select(number => number.Value)];

    /// <summary>Every number of a slot as a real one.</summary>
    public double[] Real(Slot slot) => [.. numbers[slot].Select(number => Real(slot, number.Value))];

    /// <summary>The stores of a decay.</summary>
    public uint[] Stores(int decay) => [.. numbers[decays[decay].Update.Target].Select(number => checked((uint)number.Store))];

    /// <summary>All planes that a group of a decay has spilled so far, one after the other.</summary>
    public byte[] Planes(int decay, int group) => [.. decays[decay].Planes[group]];

    /// <summary>Weights, slots and stores.</summary>
    public IEnumerable<ReversibleNumber> Everything => Slots.SelectMany(slot => numbers[slot]);

    /// <summary>The hashes of all arrays, of words, lower words and then stores, each times the next odd number.</summary>
    public ulong Hash()
    {
        var arrays = new List<long[]>();
        foreach (var slot in Slots)
        {
            if (slot.IsSecondMoment)
                arrays.Add([.. Numbers(slot).Select(value => (long)(value >> 64))]);
            arrays.Add([.. Numbers(slot).Select(value => unchecked((long)value))]);
        }
        foreach (var (i, decay) in decays.Index())
            if (decay.DecaysAnything)
                arrays.Add([.. Stores(i).Select(store => (long)store)]);
        ulong hash = 0;
        foreach (var (i, array) in arrays.Index())
            hash += (2 * (ulong)i + 1) * StateHash.Of(array);
        return hash;
    }

    public void Advance(int step, Func<int, double> gradient)
    {
        foreach (var update in optimizer.Updates)
            Advance(update, step, gradient);
    }

    /// <summary>Undoes what a step did to the weights.</summary>
    public void UndoWeights(int step) => Undo(step, _ => double.NaN, ofWeights: true);

    /// <summary>Undoes what a step did to the slots.</summary>
    public void UndoSlots(int step, Func<int, double> gradient) => Undo(step, gradient, ofWeights: false);

    private void Undo(int step, Func<int, double> gradient, bool ofWeights)
    {
        foreach (var update in optimizer.Updates.Reverse().Where(update => update.Target.IsWeights == ofWeights))
            Undo(update, step, gradient);
    }

    private void Advance(Update update, int step, Func<int, double> gradient)
    {
        var target = numbers[update.Target];
        for (int j = 0; j < count; j++)
            switch (update)
            {
                case Decay:
                    target[j].Decay(RatioOf(update.Coefficient, step, j));
                    break;
                case Kick { Function: GradientFunction.Square }:
                    target[j].KickSecondMoment(ValueOf(update.Coefficient, step, j), gradient(j));
                    break;
                case Kick:
                    target[j].Kick(ValueOf(update.Coefficient, step, j), gradient(j));
                    break;
                case Drift drift:
                    target[j].Drift(ValueOf(update.Coefficient, step, j), DirectionOf(drift.Direction, step, j));
                    break;
            }
        if (update is Decay)
            StateOf(update).Spill(step, groups[update.Coefficient], target);
    }

    private void Undo(Update update, int step, Func<int, double> gradient)
    {
        var target = numbers[update.Target];
        if (update is Decay)
            StateOf(update).Unspill(step, groups[update.Coefficient], target);
        for (int j = 0; j < count; j++)
            switch (update)
            {
                case Decay:
                    target[j].UndoDecay(RatioOf(update.Coefficient, step, j));
                    break;
                case Kick { Function: GradientFunction.Square }:
                    target[j].UndoKickSecondMoment(ValueOf(update.Coefficient, step, j), gradient(j));
                    break;
                case Kick:
                    target[j].UndoKick(ValueOf(update.Coefficient, step, j), gradient(j));
                    break;
                case Drift drift:
                    target[j].UndoDrift(ValueOf(update.Coefficient, step, j), DirectionOf(drift.Direction, step, j));
                    break;
            }
    }

    private DecayState StateOf(Update update) => decays.Single(decay => ReferenceEquals(decay.Update, update));

    private double DirectionOf(Direction direction, int step, int weight) => direction switch
    {
        AdamDirection adam => AdamFormula.Of(
            Real(adam.FirstMoment, weight), Real(adam.SecondMoment, weight), ValueOf(adam.FirstCorrection, step, weight),
            ValueOf(adam.SecondCorrection, step, weight), ValueOf(adam.Epsilon, step, weight)),
        SlotDirection along => Real(along.Slot, weight),
        _ => throw new ArgumentException($"There is no direction {direction}.", nameof(direction)),
    };

    private double Real(Slot slot, int weight) => Real(slot, numbers[slot][weight].Value);

    private static double Real(Slot slot, Int128 value) =>
        slot.IsSecondMoment ? FixedPoint.SecondMomentToDouble(value) : FixedPoint.ToDouble((long)value);

    private double ValueOf(Coefficient coefficient, int step, int weight) => coefficient.Row(step)[groups[coefficient][weight]];

    private DecayRatio RatioOf(Coefficient coefficient, int step, int weight) =>
        coefficient.Ratios![step * coefficient.Grouping.Count + groups[coefficient][weight]];

    private static int[] GroupsOf(WeightGrouping grouping)
    {
        var groups = new double[grouping.Network.ParameterCount];
        grouping.Spread([.. Enumerable.Range(0, grouping.Count).Select(group => (double)group)], groups);
        return [.. groups.Select(group => (int)group)];
    }

    /// <summary>When the stores of one decay spill, and what they have spilled, group by group.</summary>
    private sealed class DecayState(Decay update)
    {
        private readonly SpillSchedule schedule = new(update.Coefficient.Ratios, update.Coefficient.Grouping.Count);

        public Decay Update { get; } = update;

        public bool DecaysAnything => Update.Coefficient.Ratios!.Any(ratio => ratio.Numerator < ratio.Denominator);

        public List<byte>[] Planes { get; } = [.. Enumerable.Range(0, update.Coefficient.Grouping.Count).Select(_ => new List<byte>())];

        public void Spill(int step, int[] groups, ReversibleNumber[] target)
        {
            for (int group = 0; group < Planes.Length; group++)
                for (int plane = 0; plane < schedule.BytesAt(step, group); plane++)
                    for (int j = 0; j < target.Length; j++)
                        if (groups[j] == group)
                            Planes[group].Add(target[j].Spill());
        }

        public void Unspill(int step, int[] groups, ReversibleNumber[] target)
        {
            for (int group = 0; group < Planes.Length; group++)
                for (int plane = 0; plane < schedule.BytesAt(step, group); plane++)
                    for (int j = target.Length - 1; j >= 0; j--)
                        if (groups[j] == group)
                        {
                            target[j].Unspill(Planes[group][^1]);
                            Planes[group].RemoveAt(Planes[group].Count - 1);
                        }
        }
    }
}
