using System.Text.Json;
using Hypergrad.Data;
using Hypergrad.Json;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.RunFormat;
using Hypergrad.Runs;
using Hypergrad.Wording;

namespace Hypergrad.Models;

/// <summary><c>model.json</c>: all of a model but its weights, and the checksum of these.</summary>
internal static class ModelFile
{
    /// <summary>The name of the file in a model's folder.</summary>
    public const string Name = "model.json";

    /// <summary>The name of the file of weights in a model's folder.</summary>
    public const string WeightsName = "model.safetensors";

    private const string Format = "hypergrad model 1";

    private static readonly Dictionary<string, Sampling> Samplings = new()
    {
        ["shuffled"] = Sampling.Shuffled,
        ["with-replacement"] = Sampling.WithReplacement,
        ["full-batch"] = Sampling.FullBatch,
    };

    /// <summary>Writes the file.</summary>
    /// <param name="output">Where to; left open.</param>
    /// <param name="model">The model.</param>
    /// <param name="checksum">SHA-256 of the file of weights, in hexadecimal digits.</param>
    public static void Write(Stream output, TrainedModel model, string checksum)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("weightsSha256", checksum);
        json.WriteNumber("replicas", model.Weights.Count);
        NetworkFields.Write(json, model.Network);
        if (model.Encoding is { } encoding)
        {
            json.WritePropertyName("encoding");
            json.WriteRawValue((encoding with { InputNormalization = null, TargetNormalization = null }).ToJson());
        }
        NormalizationFields.Write(json, "inputNormalization", model.InputNormalization);
        NormalizationFields.Write(json, "targetNormalization", model.TargetNormalization);
        if (model.ClassNames is { } classes)
        {
            json.WriteStartArray("classes");
            foreach (string name in classes)
                json.WriteStringValue(name);
            json.WriteEndArray();
        }
        if (model.Hyperparameters is { } hyperparameters)
        {
            json.WritePropertyName("hyperparameters");
            HyperparameterFile.Write(json, model.Network, hyperparameters);
        }
        WriteProvenance(json, model.Provenance);
        json.WriteEndObject();
    }

    /// <summary>Reads the file; the weights of the model are not there yet.</summary>
    /// <exception cref="DataException">It is missing, or no such file; the message names it and the JSON path.</exception>
    public static (TrainedModel Model, int Replicas, string Checksum) Read(string path) =>
        JsonFile.Read(path, root => Read(new JsonValue(root, "$")));

    private static (TrainedModel Model, int Replicas, string Checksum) Read(JsonValue file)
    {
        if (file.Field("format").Text() is var format && format != Format)
            throw new DataException($"$.format is {Quoted.Of(format)}; this version reads \"{Format}\". Use the version that wrote it.");
        file.RequireOnly([
            "format", "weightsSha256", "replicas", .. NetworkFields.Names, "encoding", "inputNormalization", "targetNormalization",
            "classes", "hyperparameters", "provenance"]);
        var network = NetworkFields.Read(file);
        int replicas = file.Field("replicas").Integer();
        if (replicas < 1)
            throw new DataException($"$.replicas is {replicas}; a model has at least 1.");
        var model = new TrainedModel
        {
            Network = network,
            Weights = [],
            Encoding = file.Optional("encoding") is { } encoding ? ReadEncoding(encoding, network) : null,
            InputNormalization = NormalizationFields.Read(file, "inputNormalization", "input", network.InputSize),
            TargetNormalization = NormalizationFields.Read(file, "targetNormalization", "target", network.OutputShape.Count),
            ClassNames = file.Optional("classes") is { } classes ? ReadClasses(classes, network) : null,
            Hyperparameters = file.Optional("hyperparameters") is { } set ? HyperparameterFile.Read(set, network) : null,
            Provenance = ReadProvenance(file.Field("provenance")),
        };
        if (model is { ClassNames: not null, TargetNormalization: not null })
            throw new DataException("$: a model of classes has no targetNormalization.");
        return (model, replicas, file.Field("weightsSha256").Text());
    }

    private static DataEncoding ReadEncoding(JsonValue given, Network network)
    {
        DataEncoding encoding;
        try
        {
            encoding = DataEncoding.FromJson(given.Raw);
        }
        catch (DataException exception)
        {
            throw new DataException($"{given.Path}: {exception.Message}", exception);
        }
        return encoding.InputSize == network.InputSize
            ? encoding
            : throw new DataException($"{given.Path}: it makes {encoding.InputSize} inputs, and the network takes {network.InputSize}.");
    }

    private static string[] ReadClasses(JsonValue classes, Network network)
    {
        string[] names = [.. classes.Items().Select(name => name.Text())];
        if (names.Length != network.OutputSize)
            throw new DataException($"{classes.Path}: {names.Length} names, and the network gives {network.OutputSize} outputs.");
        return names.Distinct().Count() == names.Length
            ? names
            : throw new DataException($"{classes.Path}: a class stands twice.");
    }

    private static void WriteProvenance(Utf8JsonWriter json, Provenance provenance)
    {
        json.WriteStartObject("provenance");
        json.WriteString("version", provenance.Version);
        json.WriteString("data", provenance.Data);
        json.WriteNumber("trainingExamples", provenance.TrainingExamples);
        json.WriteNumber("steps", provenance.Steps);
        json.WriteNumber("batchSize", provenance.BatchSize);
        json.WriteString("sampling", Samplings.First(entry => entry.Value == provenance.Sampling).Key);
        json.WriteNumber("seed", provenance.Seed);
        WriteLoss(json, "trainingLoss", provenance.TrainingLoss);
        WriteLoss(json, "validationLoss", provenance.ValidationLoss);
        WriteLoss(json, "testLoss", provenance.TestLoss);
        json.WriteEndObject();
    }

    // JSON has no infinity, which a loss far from the training data may be.
    private static void WriteLoss(Utf8JsonWriter json, string name, double? loss)
    {
        if (loss is { } number && double.IsFinite(number))
            json.WriteNumber(name, number);
    }

    private static Provenance ReadProvenance(JsonValue from)
    {
        from.RequireOnly("version", "data", "trainingExamples", "steps", "batchSize", "sampling", "seed", "trainingLoss", "validationLoss",
            "testLoss");
        return new()
        {
            Version = from.Field("version").Text(),
            Data = from.Field("data").Text(),
            TrainingExamples = from.Field("trainingExamples").Integer(),
            Steps = from.Field("steps").Integer(),
            BatchSize = from.Field("batchSize").Integer(),
            Sampling = from.Field("sampling").Choice(Samplings),
            Seed = from.Field("seed").Natural(),
            TrainingLoss = from.Optional("trainingLoss")?.Number() ?? double.NaN,
            ValidationLoss = from.Optional("validationLoss")?.Number(),
            TestLoss = from.Optional("testLoss")?.Number(),
        };
    }
}
