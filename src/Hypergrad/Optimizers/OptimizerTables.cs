using Hypergrad.Arithmetic;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Optimizers;

/// <summary>The tables of an optimizer's quantities, from which it makes its list of updates.</summary>
public sealed class OptimizerTables
{
    private readonly Dictionary<Quantity, ScheduleTable> tables = [];

    /// <summary>The table of a quantity.</summary>
    public ScheduleTable this[Quantity quantity]
    {
        get => tables[quantity];
        set => tables[quantity] = value;
    }

    /// <summary>The tables by quantity.</summary>
    public IReadOnlyDictionary<Quantity, ScheduleTable> All => tables;

    /// <summary>A quantity as it is.</summary>
    public Coefficient Of(Quantity quantity) => Coefficient.Of(quantity, tables[quantity]);

    /// <summary>A quantity as a decay of n/65536, for momenta and first moments.</summary>
    public Coefficient MomentumOf(Quantity quantity) => Coefficient.OfDecay(quantity, tables[quantity], DecayRatio.FromMomentum);

    /// <summary>A quantity as a decay that comes close to 1, for second moments.</summary>
    public Coefficient DecayOf(Quantity quantity) => Coefficient.OfDecay(quantity, tables[quantity], DecayRatio.Nearest);
}
