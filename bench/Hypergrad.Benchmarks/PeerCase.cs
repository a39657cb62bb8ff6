using System.Runtime.InteropServices;
using System.Text.Json;
using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Benchmarks;

/// <summary>One case of bench/peers/case.py by this library: reads the folder, answers with a line of JSON and a file of the gradient.</summary>
internal static class PeerCase
{
    /// <summary>Computes it.</summary>
    /// <param name="folder">The case.</param>
    /// <param name="output">Where the gradient of the learning rates is written, [steps × tensors] in float64.</param>
    /// <param name="threads">Threads of the managed backend.</param>
    /// <param name="backendName">"managed" or "native-host".</param>
    /// <param name="methodName">"reversible", "memory" (reversible, with memory for evaluations), "checkpointed", "stored" or "drmad".</param>
    public static void Answer(string folder, string output, int threads, string backendName, string methodName)
    {
        using var managed = backendName == "managed" ? new ManagedBackend(threads) : null;
        var backend = managed ?? Backend.Find(backendName);
        HypergradientMethod method = methodName switch
        {
            "memory" => new ReversibleMethod { MemoryBudget = 1L << 30 },
            "checkpointed" => new CheckpointedMethod(),
            "stored" => new StoredMethod(),
            "drmad" => new DrMadMethod(),
            _ => new ReversibleMethod(),
        };
        var (run, validation, rounds) = Read(folder);
        Hypergradient Compute() => Hypergradient.Compute(run, validation, method, new()
        {
            Backend = backend,
            Quantities = [Quantity.LearningRate, Quantity.Momentum, Quantity.InitialWeights, Quantity.L2],
        });
        PeerAnswer.Give($"Hypergrad {backendName}, {methodName}", output, rounds, () =>
        {
            var result = Compute();
            return (result.ValidationLoss, result.Raw[Quantity.LearningRate]!);
        });
    }

    private static (TrainingRun Run, Dataset Validation, int Rounds) Read(string folder)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "case.json")));
        var settings = file.RootElement;
        int steps = settings.GetProperty("steps").GetInt32(), batch = settings.GetProperty("batch").GetInt32();
        int[] layers = [.. settings.GetProperty("layers").EnumerateArray().Select(layer => layer.GetInt32())];
        var network = Network.Mlp(layers, Activation.Tanh);
        T[] Numbers<T>(string name) where T : struct =>
            MemoryMarshal.Cast<byte, T>(File.ReadAllBytes(Path.Combine(folder, name + ".bin"))).ToArray();
        Dataset Data(string inputs, string labels)
        {
            int[] classes = Numbers<int>(labels);
            var targets = new float[classes.Length * layers[^1]];
            foreach (var (i, label) in classes.Index())
                targets[i * layers[^1] + label] = 1;
            return new(new Table(Numbers<float>(inputs), layers[0]), new Table(targets, layers[^1]));
        }
        var training = Data("inputs", "labels");
        var byTensor = new WeightGrouping(network, Sharing.Tensor);
        ScheduleTable Constant(string name)
        {
            var values = new double[steps * byTensor.Count];
            Array.Fill(values, settings.GetProperty(name).GetDouble());
            return new(byTensor, values, name);
        }
        var penalties = new double[network.ParameterCount];
        Array.Fill(penalties, settings.GetProperty("l2").GetDouble());
        var tables = new OptimizerTables
        {
            [Quantity.LearningRate] = Constant("learningRate"),
            [Quantity.Momentum] = Constant("momentum"),
        };
        var raw = new RawRun
        {
            Network = network,
            Training = training,
            Optimizer = OptimizerKinds.ByName["momentum"].Lower(tables),
            InitialWeights = InitialWeights.Explicit(Array.ConvertAll(Numbers<float>("start"), value => (double)value)),
            Minibatches = MinibatchPlan.Explicit([.. Numbers<int>("batches").Chunk(batch)], training.Count),
            L2 = new PenaltyTable(new WeightGrouping(network, Sharing.Weight), penalties, "L2"),
        };
        return (new(raw), Data("validationInputs", "validationLabels"), settings.GetProperty("rounds").GetInt32());
    }
}
