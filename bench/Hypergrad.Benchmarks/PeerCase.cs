using System.Globalization;
using System.Runtime.InteropServices;
using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Json;
using Hypergrad.Runs;

namespace Hypergrad.Benchmarks;

/// <summary>One case of bench/peers/case.py by this library: reads the folder, answers with a line of JSON and a file of the gradient.</summary>
internal static class PeerCase
{
    /// <summary>Computes it.</summary>
    /// <param name="folder">The case.</param>
    /// <param name="output">Where the gradient is written (<see cref="PeerAnswer.Give"/>).</param>
    /// <param name="threads">Threads of the managed backend.</param>
    /// <param name="backendName">"managed" or "native-host".</param>
    /// <param name="methodName">
    /// "reversible", "double" (reversible, in double precision), "memory" (reversible, with memory for whole evaluations), "memory="
    /// and bytes (with so many), "values" (with what holds the values of all steps), "checkpointed", "stored" or "drmad".
    /// </param>
    public static void Answer(string folder, string output, int threads, string backendName, string methodName)
    {
        using var managed = backendName == "managed" ? new ManagedBackend(threads) : null;
        var backend = managed ?? Backend.Find(backendName);
        var (one, run, validation, rounds) = Read(folder);
        HypergradientMethod method = methodName switch
        {
            "memory" => new ReversibleMethod { MemoryBudget = 4L << 30 },
            "values" => SuiteCase.WithValues(run, backend),
            _ when methodName.Split('=') is ["memory", var bytes] =>
                new ReversibleMethod { MemoryBudget = long.Parse(bytes, CultureInfo.InvariantCulture) },
            "checkpointed" => new CheckpointedMethod(),
            "stored" => new StoredMethod(),
            "drmad" => new DrMadMethod(),
            _ => new ReversibleMethod(),
        };
        Quantity[] quantities = [.. one.Differentiated, Quantity.InitialWeights, Quantity.L2];
        var options = new HypergradientOptions
        {
            Backend = backend,
            Quantities = quantities,
            Precision = methodName == "double" ? Precision.Double : Precision.Single,
        };
        PeerAnswer.Give($"Hypergrad, {backend.Description}", output, rounds, () =>
        {
            var result = Hypergradient.Compute(run, validation, method, options);
            return (result.ValidationLoss, [.. quantities.Select(quantity => result.Raw[quantity]!)]);
        });
    }

    private static (SuiteCase Case, TrainingRun Run, Dataset Validation, int Rounds) Read(string folder)
    {
        var (one, rounds) = JsonFile.Read(Path.Combine(folder, "case.json"), root =>
            (SuiteCase.Read(new JsonValue(root, "$")), new JsonValue(root, "$").Field("rounds").Integer()));
        var network = one.Network;
        T[] Numbers<T>(string name) where T : struct =>
            MemoryMarshal.Cast<byte, T>(File.ReadAllBytes(Path.Combine(folder, name + ".bin"))).ToArray();
        Dataset Data(string inputs, string labels)
        {
            int[] classes = Numbers<int>(labels);
            var targets = new float[classes.Length * network.OutputSize];
            foreach (var (i, label) in classes.Index())
                targets[i * network.OutputSize + label] = 1;
            return new(new Table(Numbers<float>(inputs), network.InputSize), new Table(targets, network.OutputSize));
        }
        var training = Data("inputs", "labels");
        var penalties = new double[network.ParameterCount];
        Array.Fill(penalties, one.L2);
        var raw = new RawRun
        {
            Network = network,
            Training = training,
            Optimizer = one.Optimizer.Lower(one.Optimizer.TablesFor(network)),
            InitialWeights = InitialWeights.Explicit(Array.ConvertAll(Numbers<float>("start"), value => (double)value)),
            Minibatches = MinibatchPlan.Explicit([.. Numbers<int>("batches").Chunk(one.BatchSize)], training.Count),
            L2 = new PenaltyTable(new WeightGrouping(network, Sharing.Weight), penalties, "L2"),
        };
        return (one, new(raw), Data("validationInputs", "validationLabels"), rounds);
    }
}
