using Hypergrad.Backends.Managed.Operations;
using Hypergrad.Backends.Managed.Simd.Activations;
using Hypergrad.Networks;
using Hypergrad.Networks.Operations;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Backends.Managed;

/// <summary>The memory of passes and of evaluations that are kept, by what each kind of operation holds.</summary>
internal sealed class PassMemory : IPassMemory
{
    // Numbers by which the arrays of an operation, and a gradient, are longer than what is in them, at most.
    private const int Padding = 64;

    private const int SmallestCapacity = 128;

    private readonly RawRun run;
    private readonly int numberBytes, threads;
    private readonly long ofAdjoints;

    /// <param name="run">The run.</param>
    /// <param name="numberBytes">Bytes of a number.</param>
    /// <param name="threads">Threads that compute it.</param>
    public PassMemory(RawRun run, int numberBytes, int threads)
    {
        (this.run, this.numberBytes, this.threads) = (run, numberBytes, threads);
        Microbatches = Microbatches.Of(run.Network, run.Minibatches.MaximumBatchSize, numberBytes);
        ofAdjoints = new AdjointPlaces(run.Network.Program).Sizes.Sum(size => (long)size);
        Joins = run.Optimizer.Updates.OfType<Kick>().All(kick => kick.Function == GradientFunction.Gradient);
    }

    /// <summary>How minibatches are cut.</summary>
    public Microbatches Microbatches { get; }

    /// <summary>Whether a step's gradient and tangent can be evaluated together: u does not depend on g.</summary>
    public bool Joins { get; }

    /// <summary>Rows of the passes: enough to keep a product busy when a whole dataset is evaluated, whatever the batch size.</summary>
    public int Capacity => Microbatches.Count > 1 ? Microbatches.Rows : Math.Max(SmallestCapacity, Microbatches.Rows);

    public double Bytes => OfPasses(BesideTangents) + OfGradients(Joins ? 2 : 1)
        + (double)Math.Min(threads, Lanes) * Capacity * numberBytes * (Sum(_ => 1) + ofAdjoints);

    public double TrainingBytes => OfPasses(_ => 0) + OfGradients(1);

    public int StepsWithin(double budget) => (int)Math.Clamp(budget / KeptBytes, 0, run.Steps);

    public double BudgetFor(int steps) => (double)steps * KeptBytes;

    // Of an evaluation that is kept, at most.
    private long KeptBytes
    {
        get
        {
            var (network, program) = (run.Network, run.Network.Program);
            long ofMicrobatch = Microbatches.Rows * Sum(operation => 2 + Beside(operation) + BesideAdjoint(operation))
                + Padding * (program.Operations.Count + 2);
            return (Microbatches.Count * ofMicrobatch + network.ParameterCount + Padding) * run.Replicas * numberBytes;
        }
    }

    // Values and their adjoints, which each thread has where a microbatch goes through at once, and else each microbatch, which keeps all
    // adjoints; what is beside tangents is there too.
    private double OfPasses(Func<Operation, long> more) => (double)numberBytes * Capacity * (Joins
        ? Math.Min(threads, Lanes) * (Sum(operation => 1 + Beside(operation) + more(operation)) + ofAdjoints)
        : Lanes * Sum(operation => 2 + Beside(operation) + BesideAdjoint(operation) + more(operation)));

    private int Lanes => Math.Min(threads, run.Replicas) * Microbatches.Count;

    // Of the parts of a minibatch but the first, so many each.
    private double OfGradients(int each) =>
        (double)(Microbatches.Count - 1) * each * run.Replicas * run.Network.ParameterCount * numberBytes;

    // Of an example: its input, of its loss the targets and probabilities and for every row a factor and a loss, which is a double, and of
    // every number that an operation writes so many.
    private long Sum(Func<Operation, long> ofEachNumber) =>
        run.Network.InputSize + 2L * run.Network.OutputShape.Count + 3L * run.Network.OutputShape.Positions
        + run.Network.Program.Operations.Sum(operation => ofEachNumber(operation) * operation.OutputShape.Count);

    // What an operation keeps for every number that it writes beside that, its adjoint and their tangents.
    private static long Beside(Operation operation) => operation switch
    {
        Affine { Activation: Activation.Identity } or Activate or Add or AddParameter => 0,
        Affine affine => Of(affine).KeepsInput ? 1 : 0,
        Pool pool => pool.IsMaximum ? 1 : 0,
        _ => 2,
    };

    // δ beside e.
    private static long BesideAdjoint(Operation operation) => operation is Affine affine && !Of(affine).IsPiecewiseLinear ? 1 : 0;

    // ż beside ȧ′, and the like.
    private static long BesideTangents(Operation operation) => operation is Normalize ? 1 : BesideAdjoint(operation);

    private static ActivationPasses<double> Of(Affine affine) => ActivationPasses<double>.For(affine.Activation);
}
