using System.Globalization;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Options;

/// <summary>
/// What one <c>--tune</c> asks for: <c>learning-rate:tensor</c>, <c>momentum:layer:constant</c>, <c>learning-rate:all:linear-10</c>,
/// <c>l2:input</c>, <c>inputs:0-9</c>.
/// </summary>
/// <param name="Quantity">What is tuned.</param>
/// <param name="Sharing">Who shares a value; meaningless for those of examples.</param>
/// <param name="Form">How the values of a schedule become a value per step.</param>
/// <param name="Knots">How many values a piecewise schedule has.</param>
/// <param name="Examples">The chosen examples, or null for all.</param>
internal sealed record TuneTarget(Quantity Quantity, Sharing Sharing, ScheduleForm Form, int Knots, int[]? Examples)
{
    // More than any training set has: a range is written out before it is compared with one.
    private const int MostExamples = 100_000_000;

    /// <summary>The quantities that can be tuned, by the names of options.</summary>
    public static IReadOnlyDictionary<string, Quantity> Quantities { get; } = Quantity.All
        .Where(quantity => quantity != Quantity.InitialVelocity).ToDictionary(quantity => quantity.Option);

    /// <summary>Reads one.</summary>
    /// <exception cref="UsageException">It makes no sense; the message says what would.</exception>
    public static TuneTarget Parse(string text)
    {
        string[] parts = text.Split(':');
        var quantity = Choice.Of("--tune", parts[0], Quantities);
        string name = quantity.Option;
        if (quantity.IsOfData)
            return parts.Length <= 2
                ? new(quantity, default, default, 0, parts.Length == 1 || parts[1] == "all" ? null : Numbers(text, parts[1]))
                : throw new UsageException($"--tune {Quoted.Name(text)}: write {name}:all, or {name}:0-9,20 for chosen training examples.");
        bool isSchedule = quantity.Shape == QuantityShape.Schedule;
        var sharing = parts.Length > 1 ? Choice.Of("--tune " + name, parts[1], HyperparameterFile.SharingNames) : Sharing.Tensor;
        if (parts.Length > (isSchedule ? 3 : 2))
            throw new UsageException(
                $"--tune {Quoted.Name(text)}: write {name}:tensor{(isSchedule ? " or " + name + ":tensor:constant" : "")}.");
        var (form, knots) = parts.Length < 3 ? (ScheduleForm.PerStep, 0) : FormOf(name, parts[2]);
        return new(quantity, sharing, form, knots, null);
    }

    /// <summary>The schedule asked for.</summary>
    /// <param name="steps">Training steps.</param>
    /// <param name="initial">The value at the start.</param>
    public Schedule Schedule(int steps, double initial) => Form switch
    {
        ScheduleForm.PerStep => Hyperparameters.Schedule.PerStep(steps, Sharing, initial),
        ScheduleForm.Constant => Hyperparameters.Schedule.Constant(steps, Sharing, initial),
        ScheduleForm.PiecewiseLinear => Hyperparameters.Schedule.PiecewiseLinear(steps, Knots, Sharing, initial),
        _ => Hyperparameters.Schedule.PiecewiseConstant(steps, Knots, Sharing, initial),
    };

    private static (ScheduleForm Form, int Knots) FormOf(string name, string form)
    {
        if (form is "per-step" or "constant")
            return (form == "constant" ? ScheduleForm.Constant : ScheduleForm.PerStep, 0);
        int hyphen = form.LastIndexOf('-');
        string kind = hyphen < 0 ? form : form[..hyphen];
        if (kind is not ("linear" or "pieces") || hyphen < 0 || !TryNumber(form[(hyphen + 1)..], out int knots))
            throw new UsageException($"--tune {name}: there is no form {Quoted.Of(form)}.{Suggestion(kind)} Write {name}:tensor:per-step, "
                + ":constant, :linear-10 (straight lines through 10 knots) or :pieces-10 (10 values, each for a part of the run).");
        return (kind == "linear" ? ScheduleForm.PiecewiseLinear : ScheduleForm.PiecewiseConstant, knots);
    }

    private static string Suggestion(string kind) =>
        NearestName.Find(kind, ["per-step", "constant", "linear-10", "pieces-10"]) is { } nearest ? $" Did you mean {nearest}?" : "";

    private static int[] Numbers(string text, string list) => [.. list.Split(',').SelectMany(range =>
    {
        string[] ends = range.Split('-');
        if (ends.Length > 2 || !TryNumber(ends[0], out int first) || !TryNumber(ends[^1], out int last) || last < first)
            throw new UsageException(
                $"--tune {Quoted.Name(text)}: {Quoted.Of(range)} is not an example or a range of examples. "
                    + "Write numbers and ranges, such as 0-9,20.");
        if (last - first >= MostExamples)
            throw new UsageException($"--tune {Quoted.Name(text)}: {Quoted.Of(range)} is more than {MostExamples} examples.");
        return Enumerable.Range(first, last - first + 1);
    })];

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
