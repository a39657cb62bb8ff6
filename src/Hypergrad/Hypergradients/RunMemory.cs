using Hypergrad.Backends;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Hypergradients;

/// <summary>How much memory a hypergradient takes, worked out from sizes alone, before any of it is set aside.</summary>
internal sealed class RunMemory
{
    // The session's w and g; the sweep's w̄, u and Hu. Each slot adds itself and its adjoint.
    private const int Vectors = 5;

    private readonly RawRun run;
    private readonly IReadOnlyCollection<Quantity> quantities;
    private readonly Precision precision;
    private readonly int number;
    private readonly double weights;
    private readonly IPassMemory passes;

    /// <param name="run">The run.</param>
    /// <param name="quantities">The quantities whose gradients are wanted.</param>
    /// <param name="precision">The floating-point type.</param>
    /// <param name="backend">Where it is computed: how much is held at a time depends on its threads.</param>
    public RunMemory(RawRun run, IReadOnlyCollection<Quantity> quantities, Precision precision, IBackend backend)
    {
        run.Validate();
        (this.run, this.quantities, this.precision) = (run, quantities, precision);
        number = TrainingMemory.BytesOf(precision);
        weights = (double)run.Network.ParameterCount * run.Replicas;
        passes = IPassMemory.Of(backend, run, precision);
    }

    /// <summary>Bytes of a snapshot of the state: the weights and the slots.</summary>
    public double SnapshotBytes => number * (1.0 + run.Optimizer.Slots.Count) * weights;

    /// <summary>Refuses a run that cannot fit into this machine's memory.</summary>
    /// <param name="method">How it is gone back over.</param>
    /// <exception cref="MemoryException">It cannot; the message has the estimate.</exception>
    public void Require(HypergradientMethod method) => MemoryLimit.Require(
        Estimate(method), $"This run ({TrainingMemory.Sizes(run)}, {method.Name} method)", TrainingMemory.Remedy);

    /// <summary>An estimate in bytes.</summary>
    /// <param name="method">How it is gone back over.</param>
    public double Estimate(HypergradientMethod method)
    {
        int vectors = Vectors + 2 * run.Optimizer.Slots.Count
            + (quantities.Contains(Quantity.L2) ? 1 : 0) + (quantities.Contains(Quantity.L1) ? 1 : 0);
        return vectors * weights * number + Kept(method) + passes.Bytes + Gradients + (double)run.Replicas * run.Steps * sizeof(double);
    }

    /// <summary>The steps whose evaluations a budget of memory keeps.</summary>
    /// <param name="budget">Bytes.</param>
    public KeptSteps KeptSteps(double budget) => passes.StepsWithin(budget);

    /// <summary>Of what a step saves whose whole evaluation is kept, about the share that one saves whose values are.</summary>
    public double ValuesShare => passes.ValuesShare;

    /// <summary>The budget of memory that keeps the whole evaluations of so many of the last steps.</summary>
    /// <param name="steps">Steps.</param>
    public double BudgetFor(int steps) => passes.BytesOf(new(steps, 0));

    // What the way back keeps of the way forward.
    private double Kept(HypergradientMethod method) => method switch
    {
        ReversibleMethod reversible => weights * (ExactNumberBytes + StoreBytes)
            + passes.BytesOf(passes.StepsWithin(reversible.MemoryBudget ?? 0)),
        StoredMethod => SnapshotBytes * run.Steps,
        CheckpointedMethod checkpointed => SnapshotBytes * (1 + checkpointed.SnapshotsFor(run, precision)),
        DrMadMethod drMad => weights * number * (2 + drMad.Knots),
        _ => 0,
    };

    private double ExactNumberBytes => sizeof(long) * (1.0 + run.Optimizer.Slots.Sum(slot => slot.IsSecondMoment ? 2 : 1));

    // A word and Σ log₂(1/c) bits per decay and weight, averaged over the groups.
    private double StoreBytes => run.Optimizer.Decays.Sum(decay =>
        sizeof(uint) + decay.Coefficient.Values.Sum(value => value is > 0 and < 1 ? -Math.Log2(value) / 8 : 0)
            / decay.Coefficient.Grouping.Count);

    // Each replica's in doubles, and their mean.
    private double Gradients
    {
        get
        {
            var tables = run.Optimizer.Tables;
            return quantities.Sum(Count) * (run.Replicas + 1.0) * sizeof(double);

            double Count(Quantity quantity) => quantity.Shape switch
            {
                QuantityShape.Schedule => tables[quantity].Values.Length,
                QuantityShape.Weights => run.Network.ParameterCount,
                QuantityShape.Inputs => (double)run.Minibatches.ExampleCount * run.Network.InputSize,
                QuantityShape.Targets => (double)run.Minibatches.ExampleCount * run.Network.OutputShape.Count,
                _ => run.Minibatches.ExampleCount,
            };
        }
    }
}
