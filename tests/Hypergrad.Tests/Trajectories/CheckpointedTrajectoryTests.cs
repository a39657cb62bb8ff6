using Hypergrad.Backends;
using Hypergrad.Tests.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Tests.Trajectories;

[TestFixture]
public sealed class CheckpointedTrajectoryTests
{
    [Test]
    public void WayBack_PassesEveryStateOnce_InTheFewestSteps([Values(1, 2, 3, 5, 29, 30)] int snapshots)
    {
        const int steps = 30;
        using var managed = Backend.Managed.Open(new SmallRun(1, [2, 2], steps: steps).ToRaw(), Precision.Double);
        var states = new List<(double[] Weights, double[] Velocity)>();
        using (var stored = new StoredTrajectory(managed))
        {
            stored.Train();
            stored.ForEachStepBackward(step =>
            {
                stored.RecoverWeights(step);
                double[] weights = Read(managed.Weights);
                managed.EvaluateGradient(step);
                stored.RecoverSlots(step);
                states.Add((weights, Read(managed.Slots[0])));
            });
        }

        var (session, calls) = CountingSession.Around(managed);
        using var trajectory = new CheckpointedTrajectory(session, snapshots);
        trajectory.Train();
        Assert.That(calls["Advance"], Is.EqualTo(steps));
        int visited = 0;
        trajectory.ForEachStepBackward(step =>
        {
            Assert.That(step.Number, Is.EqualTo(steps - 1 - visited));
            trajectory.RecoverWeights(step);
            Assert.That(Read(managed.Weights), Is.EqualTo(states[visited].Weights));
            trajectory.RecoverSlots(step);
            Assert.That(Read(managed.Slots[0]), Is.EqualTo(states[visited].Velocity));
            visited++;
        });
        Assert.That(visited, Is.EqualTo(steps));
        // The first way goes on to w_T, one step beyond what the reversal needs, and the steps from the last snapshot are run once more.
        int again = calls["Advance"] - steps;
        Assert.That(again, Is.LessThanOrEqualTo(FewestSteps.ToReverse(steps, snapshots)));
        if (snapshots >= steps)
            Assert.That(again, Is.Zero);
    }

    private static double[] Read(IVector vector)
    {
        var values = new double[6];
        vector.CopyTo(0, values);
        return values;
    }
}
