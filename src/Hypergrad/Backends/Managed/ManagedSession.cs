using System.Numerics;
using Hypergrad.Backends.Managed.Momentum;
using Hypergrad.Backends.Managed.Passes;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs;

namespace Hypergrad.Backends.Managed;

/// <summary>A run opened on the managed backend: its state, and what is made of it.</summary>
internal sealed unsafe partial class ManagedSession<T> : ISession where T : unmanaged, IFloatingPointIeee754<T>
{
    // Enough rows to keep a product busy when a whole dataset is evaluated, whatever the batch size.
    private const int SmallestCapacity = 128;

    private readonly Workers workers;
    private readonly CancellationToken cancellation;
    private readonly WeightTile[] tiles;
    private readonly PassesPool<T> passes;
    private readonly ManagedVector<T> weights, velocity, gradient;
    private readonly ManagedCoefficients<T> coefficients;
    private readonly ManagedPenalties<T> penalties;
    private readonly Dataset training;
    private readonly MinibatchPlan minibatches;
    private readonly double[]? exampleWeights;
    private readonly double[] trainingLosses;
    private readonly int count;

    public ManagedSession(TrainingRun run, Workers workers, CancellationToken cancellation)
    {
        run.Validate();
        Run = run;
        this.workers = workers;
        this.cancellation = cancellation;
        count = run.Model.ParameterCount;
        tiles = WeightTile.Of(run.Model);
        LearningRate = run.LearningRate;
        training = run.Training;
        minibatches = run.Minibatches;
        exampleWeights = run.ExampleWeights;
        passes = new(run.Model, Math.Max(SmallestCapacity, minibatches.MaximumBatchSize), workers);
        weights = new(run.Replicas, count);
        velocity = new(run.Replicas, count);
        gradient = new(run.Replicas, count);
        coefficients = new(LearningRate, run.Momentum);
        penalties = new(run.Model, run.L2, run.L1);
        trainingLosses = new double[(long)run.Replicas * run.Steps];
    }

    public TrainingRun Run { get; }

    public Precision Precision => typeof(T) == typeof(float) ? Precision.Single : Precision.Double;

    public IVector Weights => weights;

    public IVector Velocity => velocity;

    public IVector Gradient => gradient;

    /// <summary>The table of learning rates, made once.</summary>
    public ScheduleTable LearningRate { get; }

    public IVector NewVector() => new ManagedVector<T>(Run.Replicas, count);

    public IScheduleVector NewScheduleVector(StepCoefficient schedule) =>
        new ManagedScheduleVector(
            schedule == StepCoefficient.LearningRate ? LearningRate.Grouping : Run.Momentum.Grouping, Run.Steps, Run.Replicas);

    public IDataVector NewDataVector(RawParts parts) => new ManagedDataVector(training, parts, Run.Replicas);

    public IStateHistory NewHistory(int slots) => new ManagedHistory<T>(slots, Run.Replicas, count, weights, velocity);

    public IReversibleState NewReversibleState() => new ManagedReversibleState<T>(this);

    public ILinePath NewLinePath(IReadOnlyList<int> knots) => new ManagedLinePath<T>(this, knots);

    public IStepBody NewBody(Action<Step> body) => new ManagedStepBody(body);

    public void ForEachStep(StepRange range, IStepBody body)
    {
        var called = (ManagedStepBody)body;
        for (int i = 0; i < range.End - range.First; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            called.Run(new Step(range.IsBackward ? range.End - 1 - i : range.First + i));
        }
    }

    public void Start()
    {
        Span<double> buffer = stackalloc double[512];
        var initial = Run.InitialWeights;
        for (int replica = 0; replica < Run.Replicas; replica++)
            for (int start = 0; start < count; start += buffer.Length)
            {
                var chunk = buffer[..Math.Min(buffer.Length, count - start)];
                initial.Fill(replica, start, chunk);
                for (int i = 0; i < chunk.Length; i++)
                    weights.Replica(replica)[start + i] = T.CreateTruncating(chunk[i]);
            }
        Clear(velocity);
    }

    public double[] TrainingLosses(int replica) => trainingLosses.AsSpan(replica * Run.Steps, Run.Steps).ToArray();

    public void Dispose()
    {
        weights.Dispose();
        velocity.Dispose();
        gradient.Dispose();
        coefficients.Dispose();
        penalties.Dispose();
        passes.Dispose();
    }
}
