using Hypergrad.Backends;
using Hypergrad.Tests.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Tests.Trajectories;

/// <summary>What a trajectory tells on its way, and in what ranges it goes.</summary>
[TestFixture]
public sealed class WalkTests
{
    // Twentieths of 45 steps are ranges of two, the last of one; those of 5 steps are the steps.
    [TestCase(45, 23)]
    [TestCase(5, 5)]
    public void Stored_TellsOfEveryRange_ForwardAndBack(int steps, int ranges)
    {
        using var session = Open(steps);
        using var trajectory = new StoredTrajectory(session);
        var (forward, back) = Hear(trajectory);
        trajectory.Train();
        int interval = steps == 45 ? 2 : 1;
        var ends = Enumerable.Range(1, ranges).Select(i => Math.Min(steps, i * interval)).ToArray();
        Assert.That(forward.Select(told => told.Step), Is.EqualTo(ends.Select(end => (int?)end)));
        Assert.That(forward.Sum(told => told.Count), Is.EqualTo(steps));
        trajectory.ForEachStepBackward(Undo(session, trajectory, []));
        Assert.That(back, Is.EqualTo(ends.SkipLast(1).Reverse().Append(0)));
    }

    // Landmarks at 12, 7 and 14 lie between the ranges of two steps; of those parts only one tells of a multiple of the interval.
    [Test]
    public void Reversible_TellsOnce_OfARangeThatALandmarkCuts()
    {
        using var session = Open(45);
        using var trajectory = new ReversibleTrajectory(session, verifyEvery: 7);
        var (forward, back) = Hear(trajectory);
        trajectory.Train();
        Assert.That(forward.Sum(told => told.Count), Is.EqualTo(45));
        Assert.That(forward[^1].Step, Is.EqualTo(45));
        var undone = new List<int>();
        trajectory.ForEachStepBackward(Undo(session, trajectory, undone));
        Assert.That(undone, Is.EqualTo(Enumerable.Range(0, 45).Reverse()));
        Assert.That(back, Is.Unique.And.Ordered.Descending);
        Assert.That(back, Has.Count.EqualTo(23));
        Assert.That(back[^1], Is.Zero);
    }

    // What is trained again on the way back is counted, but is no progress of the way out.
    [Test]
    public void Checkpointed_CountsStepsTrainedAgain_WithoutAStep()
    {
        using var session = Open(9);
        using var trajectory = new CheckpointedTrajectory(session, snapshots: 2);
        var (forward, back) = Hear(trajectory);
        trajectory.Train();
        Assert.That(forward.Select(told => told.Step), Is.EqualTo(Enumerable.Range(1, 9).Select(step => (int?)step)));
        forward.Clear();
        var undone = new List<int>();
        trajectory.ForEachStepBackward(Undo(session, trajectory, undone));
        Assert.That(undone, Is.EqualTo(Enumerable.Range(0, 9).Reverse()));
        Assert.That(forward, Is.Not.Empty);
        Assert.That(forward.Select(told => told.Step), Is.All.Null);
        Assert.That(forward.Sum(told => told.Count), Is.LessThanOrEqualTo(FewestSteps.ToReverse(9, 2)));
        Assert.That(back, Is.EqualTo(Enumerable.Range(0, 9).Reverse()));
    }

    // Two steps of momentum ½ throw one bit each away, at every weight; 16 stay in the store.
    [Test]
    public void Report_HasTheBitsByHand()
    {
        var small = new SmallRun(1, [3, 2], steps: 20);
        Array.Fill(small.Momentum, 0.5);
        using var session = Backend.Managed.Open(small.ToRaw(), Precision.Double);
        using var trajectory = new ReversibleTrajectory(session, verifyEvery: 20);
        trajectory.Train();
        Assert.That(trajectory.Report.EntropyBitsPerWeightStep, Is.EqualTo(1).Within(1e-12));
        Assert.That(trajectory.Report.ResidentBitsPerWeight, Is.EqualTo(16));
        // The seventeenth halving spills a byte of every weight: 8 bits in 20 steps.
        Assert.That(trajectory.Report.BitsPerWeightStep, Is.EqualTo(0.4).Within(1e-12));
    }

    [Test]
    public void Plain_HasNoWayBack()
    {
        using var session = Open(3);
        using var trajectory = new PlainTrajectory(session);
        trajectory.Train();
        Assert.That(trajectory.Report, Is.Null);
        foreach (var back in new Action[] { () => trajectory.ForEachStepBackward(_ => { }), () => trajectory.RecoverWeights(new(0)),
            () => trajectory.RecoverSlots(new(0)) })
            Assert.That(() => back(), Throws.InvalidOperationException.With.Message.Contains("keeps nothing"));
    }

    private static ISession Open(int steps) => Backend.Managed.Open(new SmallRun(1, [2, 2], steps: steps).ToRaw(), Precision.Double);

    private static (List<(int Count, int? Step)> Forward, List<int> Back) Hear(Trajectory trajectory)
    {
        var (forward, back) = (new List<(int, int?)>(), new List<int>());
        trajectory.WentTo += (count, step) => forward.Add((count, step));
        trajectory.CameBackTo += back.Add;
        return (forward, back);
    }

    private static Action<Step> Undo(ISession session, Trajectory trajectory, List<int> undone) => step =>
    {
        undone.Add(step.Number);
        trajectory.RecoverWeights(step);
        session.EvaluateGradient(step);
        trajectory.RecoverSlots(step);
    };
}
