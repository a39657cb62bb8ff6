using System.Text.Json;
using Hypergrad.Hyperparameters;
using Hypergrad.Json;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Wording;

namespace Hypergrad.MetaOptimization;

/// <summary>
/// A hyperparameter set as a JSON file: the optimizer, and each hyperparameter's sharing and all its values, exact to the bit when read
/// back.
/// </summary>
public static class HyperparameterFile
{
    private const string Format = "hypergrad hyperparameters 2";

    private static readonly Dictionary<string, Sharing> Sharings =
        Enum.GetValues<Sharing>().ToDictionary(sharing => sharing.ToString().ToLowerInvariant());

    private static readonly Dictionary<string, ScheduleForm> Forms = new()
    {
        ["perStep"] = ScheduleForm.PerStep,
        ["constant"] = ScheduleForm.Constant,
        ["piecewiseLinear"] = ScheduleForm.PiecewiseLinear,
        ["piecewiseConstant"] = ScheduleForm.PiecewiseConstant,
    };

    private static readonly Dictionary<string, ExampleWeightForm> WeightForms = new()
    {
        ["positive"] = ExampleWeightForm.Positive,
        ["bounded"] = ExampleWeightForm.Bounded,
        ["meanOne"] = ExampleWeightForm.MeanOne,
    };

    /// <summary>The names of the sharings, as files and options spell them.</summary>
    public static IReadOnlyDictionary<string, Sharing> SharingNames => Sharings;

    /// <summary>Writes a set that has met its network.</summary>
    public static void Write(Stream output, Network network, HyperparameterSet set)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        Write(json, network, set);
    }

    /// <summary>Writes a set as a value within a larger file.</summary>
    internal static void Write(Utf8JsonWriter json, Network network, HyperparameterSet set)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(set);
        var mapped = set.Stated.FirstOrDefault(entry => entry.Hyperparameter is HeldWeights or Penalty { Map: not null }).Quantity;
        if (mapped is not null)
            throw new ConfigurationException($"The {mapped} is made by a map, which is code and cannot be written to a file of "
                + "hyperparameters; keep its Values, and make the map again.");
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("network", network.ToString());
        json.WriteString("optimizer", set.Optimizer.Name);
        if (set.Optimizer is IDampened { Dampening: { } dampening })
            json.WriteNumber("dampening", dampening);
        foreach (var (quantity, hyperparameter) in set.Stated)
            WriteHyperparameter(json, KeyOf(quantity), hyperparameter);
        json.WriteEndObject();
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataException">The file is missing or is not such a set; the message names the file and the JSON path.</exception>
    public static HyperparameterSet Read(string path, Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return JsonFile.Read(path, root => Read(new JsonValue(root, "$"), network));
    }

    /// <summary>Reads a set that is a value within a larger file.</summary>
    internal static HyperparameterSet Read(JsonValue file, Network network)
    {
        if (file.Field("format").Text() is var format && format != Format)
            throw new DataException($"$.format is {Quoted.Of(format)}, not \"{Format}\".");
        if (file.Field("network").Text() is var text && text != network.ToString())
            throw new DataException($"$.network: these hyperparameters are of the network {Quoted.Name(text)}, and this one is {network}.");
        var optimizer = file.Field("optimizer").Choice(OptimizerKinds.ByName);
        Quantity[] scheduled = [.. optimizer.Schedules.Select(entry => entry.Quantity)];
        Quantity[] others =
            [.. Quantity.All.Where(quantity => quantity.Shape != QuantityShape.Schedule && quantity != Quantity.InitialVelocity)];
        file.RequireOnly([
            "format", "network", "optimizer", .. optimizer is IDampened ? ["dampening"] : Array.Empty<string>(),
            .. scheduled.Concat(others).Select(KeyOf)]);
        if (optimizer is IDampened dampened)
            optimizer = dampened.WithDampening(file.Optional("dampening")?.Number());
        foreach (var quantity in scheduled)
            optimizer = optimizer.With(quantity, ReadSchedule(file.Field(KeyOf(quantity)), network));
        var set = new HyperparameterSet { Optimizer = optimizer };
        foreach (var quantity in others)
            if (file.Optional(KeyOf(quantity)) is { } field)
                set = set.With(quantity, Read(field, quantity, network));
        return set;
    }

    // "example-weights" is exampleWeights in a file.
    private static string KeyOf(Quantity quantity) => string.Concat(quantity.Option.Split('-').Select(
        (word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));

    private static Hyperparameter Read(JsonValue field, Quantity quantity, Network network) => quantity.Shape switch
    {
        QuantityShape.Weights when quantity == Quantity.InitialWeights => ReadScale(field, network),
        QuantityShape.Weights => ReadShared(field, network, sharing => Penalty.Per(sharing, 0), "sharing", "tuned", "values"),
        QuantityShape.Inputs => ReadExamples(field, examples => examples is null ? TrainingInputs.All() : TrainingInputs.Of(examples)),
        QuantityShape.Targets => ReadExamples(field, examples => examples is null ? SoftTargets.All() : SoftTargets.Of(examples)),
        _ => ReadExampleWeights(field),
    };

    private static void WriteHyperparameter(Utf8JsonWriter json, string key, Hyperparameter hyperparameter)
    {
        json.WriteStartObject(key);
        switch (hyperparameter)
        {
            case Schedule schedule:
                if (schedule.Steps is { } steps)
                    json.WriteNumber("steps", steps);
                json.WriteString("form", Forms.First(form => form.Value == schedule.Form).Key);
                if (schedule.Form is ScheduleForm.PiecewiseLinear or ScheduleForm.PiecewiseConstant)
                    json.WriteNumber("knots", schedule.Knots);
                WriteSharing(json, schedule.Sharing);
                break;
            case Scale scale:
                WriteSharing(json, scale.Sharing);
                json.WriteBoolean("relativeToFanIn", scale.IsRelativeToFanIn);
                break;
            case Penalty penalty:
                WriteSharing(json, penalty.Sharing);
                break;
            case ExampleHyperparameter { Examples: { } examples }:
                json.WriteStartArray("examples");
                foreach (int example in examples)
                    json.WriteNumberValue(example);
                json.WriteEndArray();
                break;
        }
        if (hyperparameter is ExampleWeights weights)
            json.WriteString("form", WeightForms.First(form => form.Value == weights.Form).Key);
        json.WriteBoolean("tuned", hyperparameter.IsTuned);
        json.WriteStartArray("values");
        foreach (double value in hyperparameter.Values
            ?? throw new InvalidOperationException("The hyperparameter set has not met a network yet; call For first."))
            json.WriteNumberValue(value);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSharing(Utf8JsonWriter json, Sharing sharing) =>
        json.WriteString("sharing", sharing.ToString().ToLowerInvariant());

    private static Schedule ReadSchedule(JsonValue field, Network network)
    {
        field.RequireOnly("steps", "form", "knots", "sharing", "tuned", "values");
        int? steps = field.Optional("steps")?.Integer();
        var sharing = field.Field("sharing").Choice(Sharings);
        var form = field.Field("form").Choice(Forms);
        int Steps() => steps ?? field.Field("steps").Integer();
        int Knots() => field.Field("knots").Integer();
        var schedule = Make(field, () => form switch
        {
            ScheduleForm.PerStep => Schedule.PerStep(Steps(), sharing, 0),
            ScheduleForm.PiecewiseLinear => Schedule.PiecewiseLinear(Steps(), Knots(), sharing, 0),
            ScheduleForm.PiecewiseConstant => Schedule.PiecewiseConstant(Steps(), Knots(), sharing, 0),
            _ => steps is { } all ? Schedule.Constant(all, sharing, 0) : Schedule.Constant(sharing, 0),
        });
        return ReadValues(field, schedule, new WeightGrouping(network, sharing).Count * schedule.Knots, "step or knot and group");
    }

    private static Scale ReadScale(JsonValue field, Network network)
    {
        bool relative = field.Optional("relativeToFanIn")?.Boolean() ?? false;
        return ReadShared(field, network, sharing => relative ? Scale.PerFanIn(sharing, 0) : Scale.Per(sharing, 0),
            "sharing", "relativeToFanIn", "tuned", "values");
    }

    private static T ReadShared<T>(JsonValue field, Network network, Func<Sharing, T> make, params string[] known)
        where T : Hyperparameter
    {
        field.RequireOnly(known);
        var sharing = field.Field("sharing").Choice(Sharings);
        return ReadValues(field, Make(field, () => make(sharing)), new WeightGrouping(network, sharing).Count, "group");
    }

    private static ExampleWeights ReadExampleWeights(JsonValue field)
    {
        var form = field.Optional("form")?.Choice(WeightForms) ?? ExampleWeightForm.Positive;
        return ReadExamples(field, examples =>
        {
            var weights = examples is null ? ExampleWeights.All() : ExampleWeights.Of(examples);
            return form switch
            {
                ExampleWeightForm.Bounded => weights.Bounded(),
                ExampleWeightForm.MeanOne => weights.MeanOne(),
                _ => weights,
            };
        }, "form");
    }

    private static T ReadExamples<T>(JsonValue field, Func<int[]?, T> make, params string[] more) where T : ExampleHyperparameter
    {
        field.RequireOnly(["examples", "tuned", "values", .. more]);
        var made = Make(field, () => make(field.Optional("examples")?.Integers()));
        return ReadValues(field, made, field.Field("values").Count, "entry");
    }

    private static T Make<T>(JsonValue from, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ConfigurationException exception)
        {
            throw new DataException($"{from.Path}: {exception.Message}", exception);
        }
    }

    private static T ReadValues<T>(JsonValue from, T hyperparameter, int count, string what) where T : Hyperparameter =>
        (T)(hyperparameter with { IsTuned = from.Field("tuned").Boolean(), Values = from.Field("values").Numbers(count, what) });
}
