using Hypergrad.Backends;
using Hypergrad.Tests.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Tests.Trajectories;

[TestFixture]
public sealed class CheckpointedTrajectoryTests
{
    [Test]
    public void WayBack_PassesEveryStateOnce_InTheFewestSteps([Values(1, 2, 3, 5, 29, 30, 40)] int snapshots)
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
        // With w_T, where the first way ends, there is one state more than steps; the first way itself is no step run again.
        int again = calls["Advance"] - steps;
        Assert.That(again, Is.EqualTo(FewestSteps.ToReverse(steps + 1, snapshots) - steps));
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
