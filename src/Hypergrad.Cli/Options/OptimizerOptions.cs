using System.CommandLine;
using System.Globalization;
using Hypergrad.Hyperparameters;
using Hypergrad.Optimizers;

namespace Hypergrad.Cli.Options;

/// <summary>
/// The optimizer that trains: which one, and what its schedules start from. An option for every quantity that one of them has.
/// </summary>
internal sealed class OptimizerOptions
{
    private const string Remedy = "Choose another --optimizer, or leave it out.";

    private readonly Option<string> optimizer = new("--optimizer")
    {
        Description = $"what trains the weights: {string.Join(", ", OptimizerKinds.ByName.Keys)}; nesterov cannot be reversed: it takes "
            + "--method stored or checkpointed",
        DefaultValueFactory = _ => OptimizerKinds.All[0].Name,
        CompletionSources = { OptimizerKinds.ByName.Keys.ToArray() },
    };

    private readonly Option<int> steps = new("--steps")
    {
        CustomParser = StrictNumber.Whole<int>,
        Description = "training steps",
        DefaultValueFactory = _ => 100,
    };

    private readonly Option<string?> dampening = new("--dampening")
    {
        Description = $"{Owners(kind => kind is IDampened)}: what each gradient is lessened by: a number, or momentum for the momentum "
            + "itself; by default momentum for the optimizer momentum, 0 for nesterov",
    };

    private readonly Dictionary<Quantity, Option<double?>> values = Quantity.All
        .Where(quantity => OptimizerKinds.All.Any(kind => Has(kind, quantity)))
        .ToDictionary(quantity => quantity, quantity => new Option<double?>($"--{quantity.Option}")
        {
            CustomParser = argument => StrictNumber.Real(argument),
            Description = $"{Owners(kind => Has(kind, quantity))}: the {quantity} at the start; by default {Defaults(quantity)}",
        });

    /// <summary>All options.</summary>
    public IEnumerable<Option> All => [optimizer, steps, dampening, .. values.Values];

    /// <summary>The optimizer named.</summary>
    public Optimizer Kind(ParseResult parsed) => Choice.Of("--optimizer", parsed.GetValue(optimizer)!, OptimizerKinds.ByName);

    /// <summary>The optimizer asked for.</summary>
    /// <param name="parsed">What the user wrote.</param>
    /// <param name="find">How a quantity is to be tuned; null for not at all.</param>
    /// <exception cref="UsageException">An option of another optimizer.</exception>
    public Optimizer Read(ParseResult parsed, Func<Quantity, TuneTarget?> find)
    {
        var kind = Kind(parsed);
        foreach (var (quantity, option) in values)
            if (!Has(kind, quantity) && (IsGiven(parsed, option) || find(quantity) is not null))
                throw new UsageException($"{(IsGiven(parsed, option) ? option.Name : $"--tune {quantity.Option}")} belongs to "
                    + $"{Owners(other => Has(other, quantity))}, and the optimizer is {kind.Name}. {Remedy}");
        if (IsGiven(parsed, dampening))
            kind = kind is IDampened dampened
                ? dampened.WithDampening(Dampening(parsed.GetValue(dampening)!))
                : throw new UsageException($"--dampening belongs to {Owners(other => other is IDampened)}, and the optimizer is "
                    + $"{kind.Name}. {Remedy}");
        int count = parsed.GetValue(steps);
        foreach (var (quantity, schedule) in kind.Schedules)
        {
            double initial = parsed.GetValue(values[quantity]) ?? schedule.Initial;
            kind = kind.With(quantity, find(quantity)?.Schedule(count, initial) ?? Schedule.Constant(count, Sharing.All, initial).Fixed());
        }
        return kind;
    }

    private static double? Dampening(string text) => text == "momentum" ? null
        : Wording.NumberText.TryReal(text, out double number) ? number
        : throw new UsageException($"--dampening {Wording.Quoted.Name(text)}: "
            + $"{Wording.NumberText.Advice(text) ?? "write a number such as 0, or momentum"}.");

    private static bool Has(Optimizer kind, Quantity quantity) => kind.Schedules.Any(entry => entry.Quantity == quantity);

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static string Owners(Func<Optimizer, bool> accepts) =>
        string.Join(" and ", OptimizerKinds.All.Where(accepts).Select(kind => kind.Name));

    private static string Defaults(Quantity quantity) => string.Join(", ", OptimizerKinds.All
        .SelectMany(kind => kind.Schedules.Where(entry => entry.Quantity == quantity).Select(entry => (kind.Name, entry.Schedule.Initial)))
        .GroupBy(entry => entry.Initial).Select(group => string.Create(
            CultureInfo.InvariantCulture, $"{group.Key} ({string.Join(", ", group.Select(entry => entry.Name))})")));
}
