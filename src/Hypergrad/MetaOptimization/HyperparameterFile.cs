using System.Text.Json;
using Hypergrad.Hyperparameters;
using Hypergrad.Json;
using Hypergrad.Networks;
using Hypergrad.Wording;

namespace Hypergrad.MetaOptimization;

/// <summary>
/// A hyperparameter set as a JSON file: each hyperparameter's sharing and all its values, exact to the bit when read back.
/// </summary>
public static class HyperparameterFile
{
    private const string Format = "hypergrad hyperparameters 1";

    private static readonly Dictionary<string, Sharing> Sharings =
        Enum.GetValues<Sharing>().ToDictionary(sharing => sharing.ToString().ToLowerInvariant());

    /// <summary>The names of the sharings, as files and options spell them.</summary>
    public static IReadOnlyDictionary<string, Sharing> SharingNames => Sharings;

    /// <summary>Writes a set that has met its model.</summary>
    public static void Write(Stream output, Mlp model, HyperparameterSet set)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(set);
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("network", model.ToString());
        WriteSchedule(json, "learningRate", set.LearningRate);
        WriteSchedule(json, "momentum", set.Momentum);
        WriteShared(json, "initialScale", set.InitialScale, set.InitialScale.Sharing);
        if (set.L2 is not null)
            WriteShared(json, "l2", set.L2, set.L2.Sharing);
        if (set.L1 is not null)
            WriteShared(json, "l1", set.L1, set.L1.Sharing);
        WriteExamples(json, "trainingInputs", set.TrainingInputs);
        WriteExamples(json, "targets", set.Targets);
        WriteExamples(json, "exampleWeights", set.ExampleWeights);
        json.WriteEndObject();
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataException">The file is missing or is not such a set; the message names the file and the JSON path.</exception>
    public static HyperparameterSet Read(string path, Mlp model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return JsonFile.Read(path, root => Read(new JsonValue(root, "$"), model));
    }

    private static HyperparameterSet Read(JsonValue file, Mlp model)
    {
        file.RequireOnly(
            "format", "network", "learningRate", "momentum", "initialScale", "l2", "l1", "trainingInputs", "targets", "exampleWeights");
        if (file.Field("format").Text() is var format && format != Format)
            throw new DataException($"$.format is {Quoted.Of(format)}, not \"{Format}\".");
        if (file.Field("network").Text() is var network && network != model.ToString())
            throw new DataException(
                $"$.network: these hyperparameters are of the network {Quoted.Name(network)}, and this one is {model}.");
        return new()
        {
            LearningRate = ReadSchedule(file.Field("learningRate"), model),
            Momentum = ReadSchedule(file.Field("momentum"), model),
            InitialScale = ReadShared(file.Field("initialScale"), model, sharing => Scale.Per(sharing, 0)),
            L2 = file.Optional("l2") is { } l2 ? ReadShared(l2, model, sharing => Penalty.Per(sharing, 0)) : null,
            L1 = file.Optional("l1") is { } l1 ? ReadShared(l1, model, sharing => Penalty.Per(sharing, 0)) : null,
            TrainingInputs = ReadExamples(
                file.Optional("trainingInputs"), examples => examples is null ? TrainingInputs.All() : TrainingInputs.Of(examples)),
            Targets = ReadExamples(file.Optional("targets"), examples => examples is null ? SoftTargets.All() : SoftTargets.Of(examples)),
            ExampleWeights = ReadExamples(
                file.Optional("exampleWeights"), examples => examples is null ? ExampleWeights.All() : ExampleWeights.Of(examples)),
        };
    }

    private static void WriteSchedule(Utf8JsonWriter json, string name, Schedule schedule)
    {
        json.WriteStartObject(name);
        json.WriteNumber("steps", schedule.Steps);
        json.WriteString("sharing", schedule.Sharing.ToString().ToLowerInvariant());
        json.WriteBoolean("perStep", schedule.IsPerStep);
        WriteValues(json, schedule);
    }

    private static void WriteShared(Utf8JsonWriter json, string name, Hyperparameter hyperparameter, Sharing sharing)
    {
        json.WriteStartObject(name);
        json.WriteString("sharing", sharing.ToString().ToLowerInvariant());
        WriteValues(json, hyperparameter);
    }

    private static void WriteExamples(Utf8JsonWriter json, string name, ExampleHyperparameter? hyperparameter)
    {
        if (hyperparameter is null)
            return;
        json.WriteStartObject(name);
        if (hyperparameter.Examples is { } examples)
        {
            json.WriteStartArray("examples");
            foreach (int example in examples)
                json.WriteNumberValue(example);
            json.WriteEndArray();
        }
        WriteValues(json, hyperparameter);
    }

    private static void WriteValues(Utf8JsonWriter json, Hyperparameter hyperparameter)
    {
        json.WriteBoolean("tuned", hyperparameter.IsTuned);
        json.WriteStartArray("values");
        foreach (double value in hyperparameter.Values
            ?? throw new InvalidOperationException("The hyperparameter set has not met a model yet; call For first."))
            json.WriteNumberValue(value);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static Schedule ReadSchedule(JsonValue schedule, Mlp model)
    {
        schedule.RequireOnly("steps", "sharing", "perStep", "tuned", "values");
        int steps = schedule.Field("steps").Integer();
        var sharing = schedule.Field("sharing").Choice(Sharings);
        bool perStep = schedule.Field("perStep").Boolean();
        int groups = new WeightGrouping(model, sharing).Count;
        var made = Make(schedule, () => perStep ? Schedule.PerStep(steps, sharing, 0) : Schedule.Constant(steps, sharing, 0));
        return perStep ? ReadValues(schedule, made, groups * steps, "step and group") : ReadValues(schedule, made, groups, "group");
    }

    private static T ReadShared<T>(JsonValue shared, Mlp model, Func<Sharing, T> make) where T : Hyperparameter
    {
        shared.RequireOnly("sharing", "tuned", "values");
        var sharing = shared.Field("sharing").Choice(Sharings);
        return ReadValues(shared, Make(shared, () => make(sharing)), new WeightGrouping(model, sharing).Count, "group");
    }

    private static T? ReadExamples<T>(JsonValue? given, Func<int[]?, T> make) where T : ExampleHyperparameter
    {
        if (given is not { } hyperparameter)
            return null;
        hyperparameter.RequireOnly("examples", "tuned", "values");
        var made = Make(hyperparameter, () => make(hyperparameter.Optional("examples")?.Integers()));
        return ReadValues(hyperparameter, made, hyperparameter.Field("values").Count, "entry");
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
