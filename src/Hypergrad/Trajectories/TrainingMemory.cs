using Hypergrad.Backends;
using Hypergrad.Runs;

namespace Hypergrad.Trajectories;

/// <summary>How much memory a plain training takes, worked out from sizes alone, before any of it is set aside.</summary>
internal static class TrainingMemory
{
    /// <summary>What takes less memory.</summary>
    public const string Remedy = "Use fewer replicas, smaller minibatches, a smaller network or fewer steps.";

    // The session's w and g, beside the slots.
    private const int Vectors = 2;

    /// <summary>Refuses a training that cannot fit into this machine's memory.</summary>
    /// <param name="run">The run.</param>
    /// <param name="precision">The floating-point type.</param>
    /// <param name="backend">Where it is computed.</param>
    /// <exception cref="MemoryException">It cannot; the message has the estimate.</exception>
    public static void Require(RawRun run, Precision precision, IBackend backend)
    {
        run.Validate();
        MemoryLimit.Require(Estimate(run, precision, backend), $"This training ({Sizes(run)})", Remedy);
    }

    /// <summary>An estimate in bytes: w, g and the slots, what an evaluation leaves, the weights and losses that it ends with.</summary>
    /// <param name="run">The run.</param>
    /// <param name="precision">The floating-point type.</param>
    /// <param name="backend">Where it is computed.</param>
    public static double Estimate(RawRun run, Precision precision, IBackend backend)
    {
        double number = BytesOf(precision), weights = (double)run.Network.ParameterCount * run.Replicas;
        return weights * (number * (Vectors + run.Optimizer.Slots.Count) + sizeof(double))
            + IPassMemory.Of(backend, run, precision).TrainingBytes + 2.0 * run.Replicas * run.Steps * sizeof(double);
    }

    /// <summary>The sizes that it depends on, in words.</summary>
    public static string Sizes(RawRun run) =>
        $"{run.Network.ParameterCount} weights, {run.Replicas} {(run.Replicas == 1 ? "replica" : "replicas")}, {run.Steps} steps";

    /// <summary>Bytes of a number.</summary>
    public static int BytesOf(Precision precision) => precision == Precision.Single ? sizeof(float) : sizeof(double);
}
