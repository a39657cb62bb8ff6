using System.Reflection;
using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Tests.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Tests.Trajectories;

/// <summary>A single bit that differs on the way back is seen, and the step at which it is seen is named.</summary>
[TestFixture]
public sealed unsafe class ReversalFaultTests
{
    private const int Steps = 12;

    [TestCase("positions", 12)]
    [TestCase("velocities", 12)]
    public void AStateThatChangesAfterTraining_IsSeenAtOnce(string array, int step) =>
        AssertFault(state => Flip<long>(state, array), _ => false, step, "the hash of positions and velocities");

    // A wrong digit is no part of the velocity yet; it is one step later, and met at the next landmark.
    [Test]
    public void ADigitThatChangesAfterTraining_IsSeenAtTheNextLandmark() =>
        AssertFault(state => Flip<ushort>(state, "digits"), _ => false, 8, "the hash of positions and velocities");

    [TestCase(11, 8)]
    [TestCase(8, 8)]
    [TestCase(7, 4)]
    [TestCase(4, 4)]
    public void AGradientThatIsNotTheSame_IsSeenAtTheNextLandmark(int wrong, int landmark) =>
        AssertFault(_ => { }, step => step == wrong, landmark, "the hash of positions and velocities");

    [Test]
    public void AGradientThatIsNotTheSame_BeforeAllLandmarks_IsSeenAtTheStart() =>
        AssertFault(_ => { }, step => step == 2, 0, "the recovered start");

    private static void AssertFault(Action<object> afterTraining, Predicate<int> isWrongAt, int step, string what)
    {
        var small = new SmallRun(1, [3, 2], steps: Steps);
        Array.Fill(small.Momentum, 0.5);
        using var session = Backend.Managed.Open(small.ToRun(), Precision.Double);
        using var trajectory = new ReversibleTrajectory(session, verifyEvery: 4);
        trajectory.Train();
        afterTraining(FieldOf(trajectory, "state"));
        var exception = Assert.Throws<ReversalException>(() => trajectory.ForEachStepBackward(t =>
        {
            session.EvaluateGradient(t);
            if (isWrongAt(t.Number))
                ((ManagedVector<double>)session.Gradient).Replica(0)[5] += 1e-13;
            trajectory.RecoverVelocity(t);
        }))!;
        Assert.That(exception.Step, Is.EqualTo(step));
        Assert.That(exception.Message, Is.EqualTo(
            $"The reversal is not exact: {what} differs at step {step}. The hypergradient is not to be trusted; run `hypergrad doctor` and report this."));
    }

    private static void Flip<T>(object state, string array) where T : unmanaged, System.Numerics.IBinaryInteger<T> =>
        ((ManagedVector<T>)FieldOf(state, array)).Replica(0)[4] ^= T.One;

    // The compiler's name of a constructor parameter's field has the parameter's in angle brackets.
    private static object FieldOf(object owner, string name) => owner.GetType()
        .GetFields(BindingFlags.NonPublic | BindingFlags.Instance)
        .Single(field => field.Name == name || field.Name.StartsWith($"<{name}>", StringComparison.Ordinal))
        .GetValue(owner)!;
}
