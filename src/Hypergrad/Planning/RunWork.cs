using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs;

namespace Hypergrad.Planning;

/// <summary>
/// The work of each part of a step of one run, all replicas, counted from sizes alone. The state and the vectors of the sweep count as
/// many times as a step's fused passes read and write them; a value of the network counts once for every pass that writes or reads it.
/// </summary>
internal sealed class RunWork
{
    private readonly RawRun run;
    private readonly double number, weights, units;
    private readonly int slots;

    /// <param name="run">The run.</param>
    /// <param name="quantities">The quantities whose gradients are wanted.</param>
    /// <param name="precision">The floating-point type.</param>
    public RunWork(RawRun run, IReadOnlyCollection<Quantity> quantities, Precision precision)
    {
        this.run = run;
        number = precision == Precision.Single ? sizeof(float) : sizeof(double);
        weights = (double)run.Network.ParameterCount * run.Replicas;
        units = run.Network.Program.Operations.Sum(operation => (double)operation.OutputShape.Count);
        slots = run.Optimizer.Slots.Count;
        double batch = (double)run.Minibatches.MaximumBatchSize * run.Replicas;
        int penalties = quantities.Count(quantity => quantity == Quantity.L2 || quantity == Quantity.L1);
        double exact = sizeof(long) * (1.0 + run.Optimizer.Slots.Sum(slot => slot.IsSecondMoment ? 2 : 1));
        double stores = run.Optimizer.Decays.Sum(decay =>
            decay.Coefficient.Ratios!.Max(ratio => ratio.Denominator) > 1L << 16 ? sizeof(uint) : sizeof(ushort));

        Gradient = Passes(batch);
        Tangent = new(
            batch * Products(each: 6, first: 3), number * (5 * weights + batch * (run.Network.InputSize + 6 * units)));
        Update = PerWeight(number * (1 + 2 * (1 + slots)));
        ExactUpdate = PerWeight(number * 2 + 2 * (exact + stores));
        Undoing = PerWeight(number * (2 + slots) + 2 * (exact + stores));
        Snapshot = PerWeight(number * 2 * (1 + slots));
        Sweep = PerWeight(number * (4 + 2 * slots + 3 * penalties));
        Recollection = PerWeight(number * 2);
    }

    /// <summary>∇L_t.</summary>
    public WorkCount Gradient { get; }

    /// <summary>∇²L_t u, beside the gradient.</summary>
    public WorkCount Tangent { get; }

    /// <summary>The updates in floating point.</summary>
    public WorkCount Update { get; }

    /// <summary>The updates in exact arithmetic, with their stores.</summary>
    public WorkCount ExactUpdate { get; }

    /// <summary>Their undoing.</summary>
    public WorkCount Undoing { get; }

    /// <summary>A state copied, to where it is kept or back.</summary>
    public WorkCount Snapshot { get; }

    /// <summary>The vectors of a step of the adjoint sweep.</summary>
    public WorkCount Sweep { get; }

    /// <summary>A gradient that was kept, recalled.</summary>
    public WorkCount Recollection { get; }

    /// <summary>The validation loss and its gradient.</summary>
    public WorkCount Evaluation(Dataset validation) => Passes((double)validation.Count * run.Replicas);

    private WorkCount PerWeight(double bytes) => new(0, weights * bytes);

    // Forward, and backward to the weights and to the inputs; nothing goes back to the input of the network itself.
    private WorkCount Passes(double examples) => new(
        examples * Products(each: 3, first: 2), number * (3 * weights + examples * (run.Network.InputSize + 4 * units)));

    // Operations an example of so many products of the size of the forward one.
    private double Products(int each, int first) => run.Network.Program.Operations.Sum(operation =>
        2 * operation.Multiplications * (operation.Inputs[0].Index == 0 ? first : each));
}
