using System.Numerics;
using System.Runtime.CompilerServices;
using Hypergrad.Backends.Managed.Operations;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs;

namespace Hypergrad.Backends.Managed;

/// <summary>
/// As many replicas as there are threads, or more: each is a session of its own, and a thread takes one after the other through all steps
/// of a range, so that threads meet once in a range instead of several times in a step, and a state stays in the cache.
/// </summary>
internal sealed class ReplicatedSession<T> : ISession, ITeam where T : unmanaged, IFloatingPointIeee754<T>
{
    // Threads that have nothing to do at the end, of those that have, at most: else the replicas are better shared out among all.
    private const double MostIdle = 0.25;

    // The session whose replica this thread goes through steps with, and which.
    [ThreadStatic]
    private static ReplicatedSession<T>? sessionOfThread;

    [ThreadStatic]
    private static int replicaOfThread;

    private readonly Workers workers;
    private readonly ManagedSession<T>[] parts;
    private readonly Team<T> team;
    private readonly PassesPool<T> passes;
    private readonly PassMemory memory;
    private readonly ConditionalWeakTable<OptimizerAdjoint, OptimizerAdjoint[]> adjoints = [];

    /// <summary>Opens a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="workers">Who computes it.</param>
    /// <param name="cancellation">Checked between steps.</param>
    public ReplicatedSession(RawRun run, Workers workers, CancellationToken cancellation)
    {
        run.Validate();
        (Run, this.workers) = (run, workers);
        memory = new(run, Unsafe.SizeOf<T>(), workers.Threads);
        team = new(workers);
        passes = new(
            run.Network, memory.Capacity, team, run.Seed, places: workers.Threads * memory.Microbatches.Count, workers.Threads,
            memory.Joins);
        parts = [.. Enumerable.Range(0, run.Replicas).Select(replica =>
            new ManagedSession<T>(run with { Replicas = 1 }, workers, cancellation, (passes, replica)))];
        Weights = VectorOf(part => part.Weights);
        Gradient = VectorOf(part => part.Gradient);
        Slots = [.. parts[0].Slots.Select((_, slot) => VectorOf(part => part.Slots[slot]))];
    }

    /// <summary>Whether a run has replicas enough to keep all threads busy.</summary>
    public static bool Suits(RawRun run, int threads) =>
        run.Replicas > 1 && (run.Replicas + threads - 1) / threads * threads <= (1 + MostIdle) * run.Replicas;

    public RawRun Run { get; }

    public Precision Precision => parts[0].Precision;

    public IVector Weights { get; }

    public IReadOnlyList<IVector> Slots { get; }

    public IVector Gradient { get; }

    public IVector NewVector() => VectorOf(part => part.NewVector());

    public ICoefficientVector NewCoefficientVector(int coefficient) =>
        new ReplicatedCoefficientVector(Parts(part => part.NewCoefficientVector(coefficient)));

    public IDataVector NewDataVector(IReadOnlyCollection<Quantity> quantities) =>
        new ReplicatedDataVector(Parts(part => part.NewDataVector(quantities)));

    public IStateHistory NewHistory(int count) => new ReplicatedHistory(ForEach, Parts(part => part.NewHistory(count)));

    public IReversibleState NewReversibleState() => new ReplicatedState(ForEach, Parts(part => part.NewReversibleState()));

    public ILinePath NewLinePath(IReadOnlyList<int> knots) => new ReplicatedLinePath(ForEach, Parts(part => part.NewLinePath(knots)));

    public IStepBody NewBody(Action<Step> body) => new ManagedStepBody(body);

    public void ForEachStep(StepRange range, IStepBody body) => workers.For(parts.Length, replica =>
    {
        var (outer, outerReplica) = (sessionOfThread, replicaOfThread);
        (sessionOfThread, replicaOfThread) = (this, replica);
        try
        {
            parts[replica].ForEachStep(range, body);
        }
        finally
        {
            (sessionOfThread, replicaOfThread) = (outer, outerReplica);
        }
    });

    public void For(int count, Action<int> body)
    {
        foreach (var part in parts)
            part.Work.Do();
        workers.For(count, body);
    }

    public void Start() => ForEach(replica => parts[replica].Start());

    public void EvaluateGradient(Step step) => ForEach(replica => parts[replica].EvaluateGradient(step));

    public int KeepEvaluations(long bytes) => Keep(memory.StepsWithin(bytes));

    /// <summary>Keeps the evaluations of some of the last steps.</summary>
    internal int Keep(KeptSteps steps)
    {
        foreach (var part in parts)
            part.Keep(steps);
        return steps.Count;
    }

    public void EvaluateTangent(Step step, IVector direction, IVector hessianProduct, IDataVector? data) =>
        ForEach(replica => parts[replica].EvaluateTangent(
            step, Of(direction, replica), Of(hessianProduct, replica), (data as ReplicatedDataVector)?[replica]));

    public Evaluation[] Evaluate(Dataset data, IVector? gradient = null)
    {
        RawRun.RequireFit(Run.Network, data, "evaluation");
        var evaluations = new Evaluation[parts.Length];
        ForEach(replica => evaluations[replica] = parts[replica].Evaluate(data, gradient is null ? null : Of(gradient, replica))[0]);
        return evaluations;
    }

    public void Advance(Step step) => ForEach(replica => parts[replica].Advance(step));

    public void PullBackDrifts(Step step, OptimizerAdjoint adjoint) =>
        ForEach(replica => parts[replica].PullBackDrifts(step, Of(adjoint, replica)));

    public void PullBackKicks(Step step, OptimizerAdjoint adjoint, IVector direction, bool add = false) =>
        ForEach(replica => parts[replica].PullBackKicks(step, Of(adjoint, replica), Of(direction, replica), add));

    public void PullBackDecays(Step step, OptimizerAdjoint adjoint) =>
        ForEach(replica => parts[replica].PullBackDecays(step, Of(adjoint, replica)));

    public void Copy(IVector source, IVector target) =>
        ForEach(replica => parts[replica].Copy(Of(source, replica), Of(target, replica)));

    public void Clear(IVector target) => ForEach(replica => parts[replica].Clear(Of(target, replica)));

    public void Add(IVector source, IVector target) =>
        ForEach(replica => parts[replica].Add(Of(source, replica), Of(target, replica)));

    public void AddPenaltyTangent(IVector direction, IVector? l2, IVector? l1) => ForEach(replica => parts[replica].AddPenaltyTangent(
        Of(direction, replica), l2 is null ? null : Of(l2, replica), l1 is null ? null : Of(l1, replica)));

    public double[] TrainingLosses(int replica) => parts[replica].TrainingLosses(0);

    public void Dispose()
    {
        foreach (var part in parts)
            part.Dispose();
        passes.Dispose();
        team.Dispose();
    }

    // The replica that this thread goes through steps with, or all of them.
    private void ForEach(Action<int> body)
    {
        if (sessionOfThread == this)
            body(replicaOfThread);
        else
            workers.For(parts.Length, body);
    }

    private TPart[] Parts<TPart>(Func<ManagedSession<T>, TPart> make) => [.. parts.Select(make)];

    private ReplicatedVector VectorOf(Func<ManagedSession<T>, IVector> of) => new(Parts(part => (INormedVector)of(part)));

    private static IVector Of(IVector vector, int replica) => ((ReplicatedVector)vector)[replica];

    private OptimizerAdjoint Of(OptimizerAdjoint adjoint, int replica) => adjoints.GetValue(adjoint, whole =>
        [.. parts.Select((_, part) => new OptimizerAdjoint(
            Of(whole.Weights, part), [.. whole.Slots.Select(slot => Of(slot, part))],
            [.. whole.Coefficients.Select(one => (one as ReplicatedCoefficientVector)?[part])]))])[replica];
}
