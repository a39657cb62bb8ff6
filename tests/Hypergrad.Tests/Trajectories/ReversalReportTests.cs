using Hypergrad.Backends;
using Hypergrad.Tests.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Tests.Trajectories;

/// <summary>A reversal is called exact only where all of it was compared, and was equal.</summary>
[TestFixture]
public sealed class ReversalReportTests
{
    private const int Steps = 10;

    [TestCase(1, 10)]
    [TestCase(4, 3)]
    [TestCase(10, 1)]
    [TestCase(1000, 1)]
    public void Report_IsExact_OnceEverythingWasMet(int verifyEvery, int landmarks)
    {
        using var session = Open();
        using var trajectory = new ReversibleTrajectory(session, verifyEvery);
        AssertReport(trajectory, 0, 0, startMet: false, exact: false);
        trajectory.Train();
        AssertReport(trajectory, landmarks, 0, startMet: false, exact: false);
        trajectory.ForEachStepBackward(step =>
        {
            Undo(session, trajectory, step);
            Assert.That(trajectory.Report!.Exact, Is.False, $"at step {step.Number}, the way back is not over");
        });
        AssertReport(trajectory, landmarks, landmarks, startMet: true, exact: true);
    }

    // Landmarks at 10, 8 and 4. The hash is taken once for each on the way out, and once on the way back.
    [TestCase(4, 0, 10)]
    [TestCase(5, 1, 8)]
    [TestCase(6, 2, 4)]
    public void LandmarkThatIsMissed_IsNotCounted(int wrongHash, int met, int step)
    {
        int hashes = 0;
        AssertFault(
            (method, _, result) => method == "Hash" && ++hashes == wrongHash ? new[] { ((ulong[])result!)[0] ^ 1 } : result, step, met);
    }

    [Test]
    public void StartThatIsMissed_IsNotExact() =>
        AssertFault((method, _, result) => method == "EqualsStart" ? false : result, 0, landmarksMet: 3);

    [TestCase(3, 3, true, true)]
    [TestCase(3, 2, true, false)]
    [TestCase(3, 3, false, false)]
    [TestCase(0, 0, true, false)]
    public void Exact_IsWhatWasCompared(int set, int met, bool startMet, bool exact) =>
        Assert.That(new ReversalReport(set, met, startMet, 1, 16, 1).Exact, Is.EqualTo(exact));

    private static void AssertFault(Func<string, object?[], object?, object?> alter, int step, int landmarksMet)
    {
        using var managed = Open();
        var session = Altered<ISession>.Around(managed, (_, _, result) =>
            result is IReversibleState state ? Altered<IReversibleState>.Around(state, alter) : result);
        using var trajectory = new ReversibleTrajectory(session, verifyEvery: 4);
        trajectory.Train();
        var exception = Assert.Throws<ReversalException>(() => trajectory.ForEachStepBackward(t => Undo(session, trajectory, t)))!;
        Assert.That(exception.Step, Is.EqualTo(step));
        AssertReport(trajectory, 3, landmarksMet, startMet: false, exact: false);
    }

    private static ISession Open()
    {
        var small = new SmallRun(1, [3, 2], steps: Steps);
        Array.Fill(small.Momentum, 0.5);
        return Backend.Managed.Open(small.ToRaw(), Precision.Double);
    }

    private static void Undo(ISession session, ReversibleTrajectory trajectory, Step step)
    {
        trajectory.RecoverWeights(step);
        session.EvaluateGradient(step);
        trajectory.RecoverSlots(step);
    }

    private static void AssertReport(ReversibleTrajectory trajectory, int set, int met, bool startMet, bool exact)
    {
        var report = trajectory.Report!;
        Assert.That((report.LandmarksSet, report.LandmarksMet, report.StartMet, report.Exact), Is.EqualTo((set, met, startMet, exact)));
    }
}
