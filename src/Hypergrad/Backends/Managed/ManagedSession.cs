using System.Numerics;
using Hypergrad.Backends.Managed.Operations;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Backends.Managed;

/// <summary>A run opened on the managed backend: its state, and what is made of it.</summary>
internal sealed unsafe partial class ManagedSession<T> : ISession, ITeam where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Workers workers;
    private readonly CancellationToken cancellation;
    private readonly WeightTile[] tiles;
    private readonly TileWork work;
    private readonly Microbatches microbatches;
    private readonly MicrobatchGradients<T> partialGradients, partialProducts;
    private readonly PassMemory memory;
    private readonly Team<T>? team;
    private readonly PassesPool<T> passes;
    private readonly NetworkPasses<T>?[] recalled;
    private readonly int firstReplica;
    private readonly ExampleDerivatives<T>?[] derivatives;
    private readonly ManagedVector<T> weights, gradient;
    private readonly ManagedVector<T>[] slots;
    private readonly ManagedCoefficients<T> coefficients;
    private readonly ManagedPenalties<T> penalties;
    private readonly MinibatchPlan minibatches;
    private readonly double[] trainingLosses, laneLosses;
    private readonly int[][] batches;
    private readonly int count;
    private KeptEvaluations<T>? kept;

    // On the way back they are known.
    private bool notesLosses = true;

    /// <summary>Opens a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="workers">Who computes it.</param>
    /// <param name="cancellation">Checked between steps.</param>
    /// <param name="whole">What this session's run is one replica of; null where it is all.</param>
    public ManagedSession(RawRun run, Workers workers, CancellationToken cancellation, (PassesPool<T> Passes, int Replica)? whole = null)
    {
        run.Validate();
        Run = run;
        this.workers = workers;
        this.cancellation = cancellation;
        count = run.Network.ParameterCount;
        tiles = WeightTile.Of(run.Network);
        work = new(tiles, run.Replicas, workers);
        minibatches = run.Minibatches;
        weights = new(run.Replicas, count, work);
        slots = [.. run.Optimizer.Slots.Select(_ => new ManagedVector<T>(run.Replicas, count, work))];
        gradient = new(run.Replicas, count, work);
        coefficients = new(run.Optimizer.Coefficients);
        penalties = new(run.Network, run.L2, run.L1);
        trainingLosses = new double[(long)run.Replicas * run.Steps];
        memory = new(run, sizeof(T), workers.Threads);
        microbatches = memory.Microbatches;
        partialGradients = new(microbatches.Count, run.Replicas, count, work);
        partialProducts = memory.Joins ? new(microbatches.Count, run.Replicas, count, work) : partialGradients;
        int lanes = run.Replicas * microbatches.Count;
        team = whole is null ? new(workers) : null;
        passes = whole?.Passes ?? new(
            run.Network, memory.Capacity, team!, run.Seed, places: Math.Max(workers.Threads, lanes), workers.Threads, memory.Joins);
        firstReplica = whole?.Replica ?? 0;
        recalled = new NetworkPasses<T>?[lanes];
        derivatives = new ExampleDerivatives<T>?[lanes];
        laneLosses = new double[lanes];
        batches = new int[run.Replicas][];
        MakeKernels();
    }

    public RawRun Run { get; }

    public Precision Precision => typeof(T) == typeof(float) ? Precision.Single : Precision.Double;

    public IVector Weights => weights;

    public IReadOnlyList<IVector> Slots => slots;

    public IVector Gradient => gradient;

    /// <summary>The coefficient of the first drift: the learning rate of momentum.</summary>
    public Coefficient DriftCoefficient => Run.Optimizer.Updates.OfType<Drift>().First().Coefficient;

    public IVector NewVector() => new ManagedVector<T>(Run.Replicas, count, work);

    public ICoefficientVector NewCoefficientVector(int coefficient) =>
        new ManagedCoefficientVector(Run.Optimizer.Coefficients[coefficient].Grouping, tiles, work, Run.Steps, Run.Replicas);

    public IDataVector NewDataVector(IReadOnlyCollection<Quantity> quantities) =>
        new ManagedDataVector(Run.Training, quantities, Run.Replicas);

    public IStateHistory NewHistory(int states) => new ManagedHistory<T>(this, states);

    public IReversibleState NewReversibleState() => new ManagedReversibleState<T>(this);

    public ILinePath NewLinePath(IReadOnlyList<int> knots) => new ManagedLinePath<T>(this, knots);

    public IStepBody NewBody(Action<Step> body) => new ManagedStepBody(body);

    public void ForEachStep(StepRange range, IStepBody body)
    {
        var called = (ManagedStepBody)body;
        notesLosses = !range.IsBackward;
        try
        {
            work.InGroups(GroupSize, () =>
            {
                for (int i = 0; i < range.End - range.First; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    called.Run(new Step(range.IsBackward ? range.End - 1 - i : range.First + i));
                }
            });
        }
        finally
        {
            notesLosses = true;
        }
    }

    public void For(int count, Action<int> body)
    {
        work.Do();
        workers.For(count, body);
    }

    // As many replicas as there are threads; what is kept for later is kept of all replicas at once.
    private int GroupSize => kept is null ? workers.Threads : Run.Replicas;

    public void Start()
    {
        work.ForEachTile((replica, in tile, _) =>
        {
            Span<double> initial = stackalloc double[tile.Count];
            FillInitial(replica, tile.Start, initial);
            var target = weights.Of(replica, tile);
            for (int i = 0; i < tile.Count; i++)
                target[i] = T.CreateTruncating(initial[i]);
        });
        foreach (var slot in slots)
            Clear(slot);
        work.Do();
    }

    // What its run is a part of has the team and the passes.
    private bool IsPart => team is null;

    /// <summary>w₀ of a replica, from a weight on.</summary>
    internal void FillInitial(int replica, int start, Span<double> destination) =>
        Run.InitialWeights.Fill(firstReplica + replica, start, destination);

    public double[] TrainingLosses(int replica)
    {
        work.Do();
        return trainingLosses.AsSpan(replica * Run.Steps, Run.Steps).ToArray();
    }

    public void Dispose()
    {
        weights.Dispose();
        gradient.Dispose();
        partialGradients.Dispose();
        partialProducts.Dispose();
        foreach (var slot in slots)
            slot.Dispose();
        coefficients.Dispose();
        penalties.Dispose();
        kept?.Dispose();
        if (!IsPart)
            passes.Dispose();
        team?.Dispose();
    }
}
