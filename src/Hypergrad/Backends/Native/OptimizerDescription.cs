using Hypergrad.Hyperparameters;
using Hypergrad.Interop;
using Hypergrad.Optimizers;

namespace Hypergrad.Backends.Native;

/// <summary>Writes an optimizer's list of updates down for the native library.</summary>
internal static unsafe class OptimizerDescription
{
    /// <summary>The slots.</summary>
    public static hg_slot[] SlotsOf(RawOptimizer optimizer, NativeArena arena) => [.. optimizer.Slots.Select(slot => new hg_slot
    {
        struct_size = sizeof(hg_slot), is_second_moment = slot.IsSecondMoment ? 1 : 0, name = arena.Text(slot.Name),
    })];

    /// <summary>The coefficients of every update, in the order of the list.</summary>
    public static hg_coefficient[] CoefficientsOf(RawOptimizer optimizer, NativeArena arena) =>
        [.. optimizer.Coefficients.Select(coefficient => Describe(coefficient, arena))];

    /// <summary>The updates, in their order.</summary>
    public static hg_update[] UpdatesOf(RawOptimizer optimizer) => [.. optimizer.Updates.Select(update => Describe(update, optimizer))];

    private static hg_coefficient Describe(Coefficient coefficient, NativeArena arena)
    {
        var ratios = coefficient.Ratios;
        return new()
        {
            struct_size = sizeof(hg_coefficient),
            groups = coefficient.Grouping.Count,
            patterns = arena.Copy<hg_group_pattern>(PatternsOf(coefficient.Grouping)),
            values = arena.Copy<double>(coefficient.Values),
            numerators = ratios is null ? null : arena.Copy<int>(Array.ConvertAll(ratios, ratio => ratio.Numerator)),
            denominators = ratios is null ? null : arena.Copy<int>(Array.ConvertAll(ratios, ratio => ratio.Denominator)),
            name = arena.Text(string.Join(" and ", coefficient.Quantities.Select(quantity => quantity.Name))),
        };
    }

    private static hg_group_pattern[] PatternsOf(WeightGrouping grouping) => [.. Enumerable.Range(0, grouping.Network.Tensors.Count)
        .Select(grouping.Pattern)
        .Select(pattern => new hg_group_pattern
        {
            struct_size = sizeof(hg_group_pattern), first = pattern.First, period = pattern.Period, divisor = pattern.Divisor,
        })];

    // A drift's coefficient is followed by those of its direction.
    private static hg_update Describe(Update update, RawOptimizer optimizer)
    {
        int first = optimizer.IndexOf(update);
        var described = new hg_update
        {
            struct_size = sizeof(hg_update),
            target = optimizer.IndexOf(update.Target),
            coefficient = first,
        };
        switch (update)
        {
            case Decay:
                described.kind = (int)hg_update_kind.HG_DECAY;
                break;
            case Kick kick:
                described.kind = (int)hg_update_kind.HG_KICK;
                described.function = (int)(kick.Function == GradientFunction.Square
                    ? hg_gradient_function.HG_SQUARE
                    : hg_gradient_function.HG_GRADIENT);
                break;
            case Drift { Direction: SlotDirection direction }:
                described.kind = (int)hg_update_kind.HG_DRIFT;
                described.direction = (int)hg_direction.HG_SLOT_DIRECTION;
                described.slot = optimizer.IndexOf(direction.Slot);
                break;
            case Drift { Direction: AdamDirection direction }:
                described.kind = (int)hg_update_kind.HG_DRIFT;
                described.direction = (int)hg_direction.HG_ADAM_DIRECTION;
                described.slot = optimizer.IndexOf(direction.FirstMoment);
                described.second_slot = optimizer.IndexOf(direction.SecondMoment);
                described.correction = first + 1;
                described.second_correction = first + 2;
                described.epsilon = first + 3;
                break;
            default:
                throw new ConfigurationException(
                    $"The native library has no update {update.GetType().Name} of the optimizer {optimizer.Name}.");
        }
        return described;
    }
}
