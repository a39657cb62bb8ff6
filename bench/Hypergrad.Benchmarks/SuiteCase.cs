using System.Text.Json;
using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Json;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.RunFormat;
using Hypergrad.Runs;

namespace Hypergrad.Benchmarks;

/// <summary>
/// A run of bench/cases.json, which is compared with other systems: exact hypergradients in single precision of the optimizer's schedules
/// per step and tensor, of the initial weights and of an L2 per weight.
/// </summary>
/// <param name="Name">What it is called on the command line and in results.</param>
/// <param name="Network">The network.</param>
/// <param name="BatchSize">Examples in a minibatch.</param>
/// <param name="Optimizer">The optimizer, each of its quantities at one number for every step and tensor.</param>
/// <param name="Differentiated">The optimizer's quantities whose gradients are compared, in the order of the file.</param>
/// <param name="L2">Of every weight.</param>
internal sealed record SuiteCase(
    string Name, Network Network, int BatchSize, Optimizer Optimizer, IReadOnlyList<Quantity> Differentiated, double L2)
{
    private const int Validation = 500;

    /// <summary>The cases of the suite.</summary>
    public static IReadOnlyList<SuiteCase> All { get; } = JsonFile.Read(Path.Combine(AppContext.BaseDirectory, "cases.json"), ReadSuite);

    /// <summary>Training steps.</summary>
    public int Steps => Optimizer.Steps;

    /// <summary>Noise of the network's input shape in ten classes: times do not depend on what is learned.</summary>
    public DataSplit Data => field ??= Noise(Network, Math.Max(1000, 4 * BatchSize));

    /// <summary>The run.</summary>
    public TrainingRun Run => new(Network, Data.Train, new HyperparameterSet
    {
        Optimizer = Optimizer,
        InitialScale = Scale.PerFanIn(Sharing.Tensor, 1),
        L2 = Penalty.Per(Sharing.Weight, L2),
    })
    { BatchSize = BatchSize };

    /// <summary>Reads a case that has all of its fields.</summary>
    public static SuiteCase Read(JsonValue given)
    {
        var optimizer = given.Field("optimizer");
        var kind = optimizer.Field("name").Choice(OptimizerKinds.ByName);
        if (optimizer.Optional(Quantity.Epsilon.Spelling) is { } epsilon)
            kind = kind.With(Quantity.Epsilon, Schedule.Constant(Sharing.All, epsilon.Number()).Fixed());
        Quantity[] quantities = [.. kind.Schedules.Select(entry => entry.Quantity)
            .Where(quantity => quantity != Quantity.Epsilon && optimizer.Optional(quantity.Spelling) is not null)];
        int steps = given.Field("steps").Integer();
        foreach (var quantity in quantities)
            kind = kind.With(quantity, Schedule.PerStep(steps, Sharing.Tensor, optimizer.Field(quantity.Spelling).Number()));
        return new(given.Field("name").Text(), NetworkFields.Read(given), given.Field("batch").Integer(), kind, quantities,
            given.Field("l2").Number());
    }

    /// <summary>The exact hypergradient.</summary>
    /// <param name="backend">Where.</param>
    /// <param name="memoryBudget">Bytes that it may take for time.</param>
    public Hypergradient Exact(IBackend backend, long? memoryBudget = null) => Hypergradient.Compute(
        Run, Data.Validation, new ReversibleMethod { MemoryBudget = memoryBudget }, new() { Backend = backend });

    /// <summary>The reversible method with the memory that holds the values of all steps of a run in single precision.</summary>
    public static ReversibleMethod WithValues(TrainingRun run, IBackend backend) => new()
    {
        MemoryBudget = (long)Math.Ceiling(IPassMemory.Of(backend, run.Lower(), Precision.Single).BytesOf(new(0, run.Steps))),
    };

    private static SuiteCase[] ReadSuite(JsonElement root)
    {
        JsonElement[] cases = [.. root.GetProperty("suite").EnumerateArray()];
        return [.. cases.Select(one => Read(new(Whole(one, cases), "$")))];
    }

    // A case that is like another one has the other's fields where it has none of its own.
    private static JsonElement Whole(JsonElement one, JsonElement[] cases)
    {
        if (!one.TryGetProperty("like", out var like))
            return one;
        var fields = cases.Single(other => other.GetProperty("name").ValueEquals(like.GetString()))
            .EnumerateObject().ToDictionary(field => field.Name, field => field.Value);
        foreach (var field in one.EnumerateObject())
            fields[field.Name] = field.Value;
        return JsonSerializer.SerializeToElement(fields);
    }

    private static DataSplit Noise(Network network, int examples)
    {
        const int classes = 10;
        var random = new Random(1);
        int count = examples + Validation + 1;
        var (inputs, targets) = (new float[count * network.InputSize], new float[count * classes]);
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = network.Input.Vocabulary is { } vocabulary ? random.Next(vocabulary) : random.NextSingle();
        for (int i = 0; i < count; i++)
            targets[i * classes + random.Next(classes)] = 1;
        return new Dataset(new Table(inputs, network.InputSize), new Table(targets, classes)).Split(examples, Validation, 1);
    }
}
