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
        + (double)Math.Min(threads, Lanes) * Capacity * numberBytes * (run.Network.InputSize + Sum(_ => 1) + ofAdjoints);

    public double TrainingBytes => OfPasses(_ => 0) + OfGradients(1);

    // As many steps whole as fit, and the values of others with what is left; or the values of as many as fit, and of as many of them the
    // rest too. Where adjoints last, values are never kept without them.
    public KeptSteps StepsWithin(double budget)
    {
        double whole = WholeBytes, values = ValueBytes;
        budget -= OfTangentsBeside;
        int most = (int)Math.Clamp(budget / whole, 0, run.Steps);
        if (!Joins)
            return new(most, 0);
        var wholeFirst = new KeptSteps(most, (int)Math.Clamp((budget - most * whole) / values, 0, run.Steps - most));
        int ofValues = (int)Math.Clamp(budget / values, 0, run.Steps);
        int completed = (int)Math.Clamp((budget - ofValues * values) / (whole - values), 0, ofValues);
        var valuesFirst = new KeptSteps(completed, ofValues - completed);
        return Saved(wholeFirst) >= Saved(valuesFirst) ? wholeFirst : valuesFirst;

        double Saved(KeptSteps steps) => steps.Whole + ValuesShare * steps.Values;
    }

    // The share of the forward pass in the products of an evaluation: to the network's input nothing goes back.
    public double ValuesShare
    {
        get
        {
            double forward = 0, all = 0;
            foreach (var operation in run.Network.Program.Operations)
            {
                forward += operation.Multiplications;
                all += operation.Multiplications * (operation.Inputs[0].Index == 0 ? 2 : 3);
            }
            return all == 0 ? 0 : forward / all;
        }
    }

    public double BytesOf(KeptSteps steps) =>
        steps.Count == 0 ? 0 : steps.Whole * WholeBytes + steps.Values * ValueBytes + OfTangentsBeside;

    // Of steps that are kept, beside the tangents of those that are gone back over.
    private double OfTangentsBeside => (double)Math.Min(threads, Lanes) * Microbatches.Rows * numberBytes
        * run.Network.Program.Operations.Sum(operation => BesideTangents(operation) * operation.OutputShape.Count);

    // Of a step, at most.
    private double WholeBytes => BytesOfStep(
        run.Network.InputSize + Sum(operation => 2 + Beside(operation) + BesideAdjoint(operation)),
        run.Network.ParameterCount + Padding);

    // Without the input, which is gathered again.
    private double ValueBytes => BytesOfStep(Sum(operation => 1 + Beside(operation)), 0);

    private double BytesOfStep(long ofExample, long ofWeights) => (double)run.Replicas * numberBytes
        * (ofWeights + Microbatches.Count * (Microbatches.Rows * ofExample + Padding * (run.Network.Program.Operations.Count + 2)));

    // Values and their adjoints, which each thread has where a microbatch goes through at once, and else each microbatch, which keeps all
    // adjoints; what is beside tangents is there too.
    private double OfPasses(Func<Operation, long> more) => (double)numberBytes * Capacity * (Joins
        ? Math.Min(threads, Lanes)
            * (run.Network.InputSize + Sum(operation => 1 + Beside(operation) + more(operation)) + ofAdjoints)
        : Lanes * (run.Network.InputSize + Sum(operation => 2 + Beside(operation) + BesideAdjoint(operation) + more(operation))));

    private int Lanes => Math.Min(threads, run.Replicas) * Microbatches.Count;

    // Of the parts of a minibatch but the first, so many each.
    private double OfGradients(int each) =>
        (double)(Microbatches.Count - 1) * each * run.Replicas * run.Network.ParameterCount * numberBytes;

    // Of an example: of its loss the targets and probabilities and for every row a factor and a loss, which is a double, and of every
    // number that an operation writes so many.
    private long Sum(Func<Operation, long> ofEachNumber) =>
        2L * run.Network.OutputShape.Count + 3L * run.Network.OutputShape.Positions
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
