using System.Reflection;
using Hypergrad.Backends;
using Hypergrad.Hyperparameters;
using Hypergrad.Optimizers;
using Hypergrad.Planning;
using Hypergrad.Trajectories;

namespace Hypergrad.Tests.Planning;

[TestFixture]
public sealed class RecomputationTests
{
    [Test]
    public void Counts_AreWhatTheTrajectoryDoes([Values(1, 2, 5, 13, 40)] int steps, [Values(1, 2, 3, 8, 40)] int snapshots)
    {
        var run = SmallPlan.Run(new Momentum
        {
            LearningRate = Schedule.Constant(steps, Sharing.All, 0.1),
            Coefficient = Schedule.Constant(steps, Sharing.All, 0.5),
        });
        using var session = SmallPlan.Backend.Open(run.Lower(), Precision.Single);
        var counting = DispatchProxy.Create<ISession, Counting>();
        ((Counting)(object)counting).Session = session;
        using (var trajectory = new CheckpointedTrajectory(counting, Math.Min(steps, snapshots)))
        {
            trajectory.Train();
            trajectory.ForEachStepBackward(step =>
            {
                trajectory.RecoverWeights(step);
                trajectory.RecoverSlots(step);
            });
        }
        var counts = (Counting)(object)counting;
        Assert.That(Recomputation.Of(steps, Math.Min(steps, snapshots)), Is.EqualTo(new Recomputation(counts.Forward - steps, counts.Saves)));
    }

    /// <summary>A session that counts the steps trained, and the states saved.</summary>
    public class Counting : DispatchProxy
    {
        internal ISession Session { get; set; } = null!;

        internal long Forward { get; private set; }

        internal long Saves { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(ISession.ForEachStep) && args![0] is StepRange { IsBackward: false } range)
                Forward += range.End - range.First;
            object? result = targetMethod.Invoke(Session, args);
            return targetMethod.Name == nameof(ISession.NewHistory) ? new CountingHistory(this, (IStateHistory)result!) : result;
        }

        private sealed class CountingHistory(Counting counting, IStateHistory history) : IStateHistory
        {
            public void Save(Step number)
            {
                counting.Saves++;
                history.Save(number);
            }

            public void LoadWeights(Step number) => history.LoadWeights(number);

            public void LoadSlots(Step number) => history.LoadSlots(number);

            public void Dispose() => history.Dispose();
        }
    }
}
