using Hypergrad.Hyperparameters;

namespace Hypergrad.Optimizers;

/// <summary>
/// An optimizer as backends see it: the list of updates of a step, over slots, with every coefficient's numbers. A slot has at most one
/// decay, before what kicks it, the weights' decay first and their drift after all kicks of slots, so that a step can be pulled back in
/// three parts: drifts, kicks, decays.
/// </summary>
public sealed class RawOptimizer
{
    /// <summary>Makes one from its list.</summary>
    /// <param name="name">"momentum", "adamw".</param>
    /// <param name="slots">What it keeps beside the weights.</param>
    /// <param name="updates">The updates, in the order in which a step does them.</param>
    /// <exception cref="ConfigurationException">Updates in an order that cannot be pulled back, or over unknown slots.</exception>
    public RawOptimizer(string name, IReadOnlyList<Slot> slots, IReadOnlyList<Update> updates)
    {
        ArgumentNullException.ThrowIfNull(slots);
        ArgumentNullException.ThrowIfNull(updates);
        (Name, Slots, Updates) = (name, [.. slots], [.. updates]);
        Coefficients = [.. Updates.SelectMany(CoefficientsOf)];
        RequireOrder();
    }

    /// <summary>Its name in files and options.</summary>
    public string Name { get; }

    /// <summary>What it keeps beside the weights.</summary>
    public IReadOnlyList<Slot> Slots { get; }

    /// <summary>The updates, in the order in which a step does them.</summary>
    public IReadOnlyList<Update> Updates { get; }

    /// <summary>The coefficients of every update, in the order of the list; a drift's is followed by those of its direction.</summary>
    public IReadOnlyList<Coefficient> Coefficients { get; }

    /// <summary>T.</summary>
    public int Steps => Coefficients[0].Steps;

    /// <summary>The table, [steps × groups], of each quantity that its coefficients are made of.</summary>
    public IReadOnlyDictionary<Quantity, Coefficient> Tables
    {
        get
        {
            var tables = new Dictionary<Quantity, Coefficient>();
            foreach (var coefficient in Coefficients)
                coefficient.AddTables(tables);
            return tables;
        }
    }

    /// <summary>The decays, in the order of the list.</summary>
    public IEnumerable<Decay> Decays => Updates.OfType<Decay>();

    /// <summary>The quantities whose gradients it yields, its slots' starts included.</summary>
    public IEnumerable<Quantity> Quantities => Coefficients.SelectMany(coefficient => coefficient.Quantities)
        .Concat(Slots.Select(slot => slot.Initial).OfType<Quantity>()).Distinct().OrderBy(quantity => quantity.Order);

    /// <summary>The place in <see cref="Coefficients"/> of an update's first coefficient.</summary>
    public int IndexOf(Update update) =>
        Updates.TakeWhile(other => !ReferenceEquals(other, update)).Sum(other => CoefficientsOf(other).Count());

    /// <summary>The place of a slot in <see cref="Slots"/>; −1 for the weights.</summary>
    public int IndexOf(Slot slot) => slot.IsWeights ? -1 : Slots.Index().First(entry => ReferenceEquals(entry.Item, slot)).Index;

    /// <summary>Why the updates cannot be undone, or null if they can.</summary>
    public string? WhyIrreversible()
    {
        if (Updates.OfType<Kick>().Any(kick => kick.Target.IsWeights))
            return $"the optimizer {Name} cannot be reversed: its step reads the gradient where it moves the weights, so that undoing it "
                + "would mean solving for them. Use the stored or the checkpointed method";
        foreach (var decay in Decays)
        {
            int zero = Array.FindIndex(decay.Coefficient.Ratios!, ratio => ratio.Numerator == 0);
            if (zero < 0)
                continue;
            var grouping = decay.Coefficient.Grouping;
            string quantity = string.Join(" and ", decay.Coefficient.Quantities.Select(quantity => quantity.Name));
            return $"the {quantity} of step {zero / grouping.Count}, {grouping.NameOf(zero % grouping.Count)} is 0, which cannot be "
                + $"reversed: a step without it forgets its {decay.Target.Name}. Use the checkpointed method, or a {quantity} above 0";
        }
        return null;
    }

    private static IEnumerable<Coefficient> CoefficientsOf(Update update) =>
        update is Drift drift ? drift.Direction.Coefficients.Prepend(drift.Coefficient) : [update.Coefficient];

    private void RequireOrder()
    {
        var decayed = new HashSet<Slot>(ReferenceEqualityComparer.Instance);
        var kicked = new HashSet<Slot>(ReferenceEqualityComparer.Instance);
        bool drifted = false;
        foreach (var update in Updates)
        {
            if (!update.Target.IsWeights && !Slots.Any(slot => ReferenceEquals(slot, update.Target)))
                throw new ConfigurationException($"The optimizer {Name} moves a slot \"{update.Target.Name}\" that it does not list.");
            bool misplaced = update switch
            {
                Decay decay => !decayed.Add(decay.Target) || kicked.Contains(decay.Target) || decay.Target.IsWeights && drifted
                    || decay.Coefficient.Ratios is null,
                Kick kick => drifted && !kick.Target.IsWeights,
                _ => false,
            };
            if (misplaced)
                throw new ConfigurationException($"The optimizer {Name} has a {update.GetType().Name.ToLowerInvariant()} of its "
                    + $"{update.Target.Name} out of place: one decay (of ratios) comes before the kicks, and kicks of slots before "
                    + "drifts.");
            if (update is Kick)
                kicked.Add(update.Target);
            drifted |= update is Drift;
        }
    }
}
