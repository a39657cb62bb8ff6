using Hypergrad.Arithmetic;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Optimizers;

/// <summary>The tables of an optimizer's quantities, from which it makes its list of updates.</summary>
public sealed class OptimizerTables
{
    private readonly Dictionary<Quantity, ScheduleTable> tables = [];

    /// <summary>The table of a quantity.</summary>
    /// <exception cref="ConfigurationException">It is given another number of steps than a table before it.</exception>
    public ScheduleTable this[Quantity quantity]
    {
        get => tables[quantity];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (var (other, table) in tables)
                if (other != quantity && table.Steps != value.Steps)
                    throw new ConfigurationException(
                        $"The {other} has {table.Steps} steps and the {quantity} {value.Steps}; give both the same number.");
            tables[quantity] = value;
        }
    }

    /// <summary>The tables by quantity.</summary>
    public IReadOnlyDictionary<Quantity, ScheduleTable> All => tables;

    /// <summary>Refuses values that an optimizer cannot have.</summary>
    /// <param name="optimizer">Its name.</param>
    /// <param name="quantity">The quantity.</param>
    /// <param name="accepts">Whether it can have a value.</param>
    /// <param name="requirement">What the value must be: "above 0".</param>
    /// <exception cref="ConfigurationException">A value that it cannot have; the message names the step and the group.</exception>
    public void Require(string optimizer, Quantity quantity, Func<double, bool> accepts, string requirement)
    {
        ArgumentNullException.ThrowIfNull(accepts);
        var table = tables[quantity];
        for (int i = 0; i < table.Values.Length; i++)
            if (!accepts(table.Values[i]))
                throw new ConfigurationException($"The {quantity} of step {i / table.Grouping.Count}, "
                    + $"{table.Grouping.NameOf(i % table.Grouping.Count)} is {table.Values[i]}; for {optimizer} it must be {requirement}.");
    }

    /// <summary>A quantity as it is.</summary>
    public Coefficient Of(Quantity quantity) => Coefficient.Of(quantity, tables[quantity]);

    /// <summary>A quantity as a decay of n/65536, for momenta and first moments.</summary>
    public Coefficient MomentumOf(Quantity quantity) => Coefficient.OfDecay(quantity, tables[quantity], DecayRatio.FromMomentum);

    /// <summary>A quantity as a decay that comes close to 1, for second moments.</summary>
    public Coefficient DecayOf(Quantity quantity) => Coefficient.OfDecay(quantity, tables[quantity], DecayRatio.Nearest);
}
