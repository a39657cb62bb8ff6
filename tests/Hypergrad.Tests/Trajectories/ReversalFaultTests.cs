using System.Reflection;
using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Backends.Managed.Updates;
using Hypergrad.Tests.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Tests.Trajectories;

/// <summary>A single bit that differs on the way back is seen, and the step at which it is seen is named.</summary>
[TestFixture("momentum")]
[TestFixture("adamw")]
public sealed unsafe class ReversalFaultTests(string optimizer)
{
    private const int Steps = 12;

    private const string Hash = "the hash of the state";

    // The weights and every slot; a second moment has its lower words too.
    [Test]
    public void ANumberThatChangesAfterTraining_IsSeenAtOnce()
    {
        foreach (int slot in Enumerable.Range(0, optimizer == "momentum" ? 2 : 3))
        {
            AssertFault(state => Flip<long>(ItemOf(state, "numbers", slot), "Upper"), _ => false, Steps, Hash);
            if (slot == 2)
                AssertFault(state => Flip<long>(ItemOf(state, "numbers", slot), "Lower"), _ => false, Steps, Hash);
        }
    }

    [Test]
    public void ADigitThatChangesAfterTraining_IsSeenAtOnce()
    {
        if (optimizer == "momentum")
            AssertFault(state => Flip<ushort>(ItemOf(state, "decays", 0), "stores"), _ => false, Steps, Hash);
        else
            foreach (int decay in new[] { 0, 2 })
                AssertFault(state => Flip<uint>(ItemOf(state, "decays", decay), "stores"), _ => false, Steps, Hash);
    }

    // A byte that was spilled is no part of the state until it is taken back, which is before the next landmark: the steps after 4 spilled
    // it.
    [Test]
    public void AByteOfAPlaneThatChangesAfterTraining_IsSeenAtTheNextLandmark()
    {
        if (optimizer != "momentum")
            Assert.Ignore("Twelve steps of AdamW spill nothing that is taken back at a known step.");
        AssertFault(
            state =>
            {
                var planes = ((BytePlanes[])ValueOf(ItemOf(state, "decays", 0), "planes"))[0].Of(0);
                fixed (byte* first = planes)
                    first[planes.Length - 1] ^= 1;
            },
            _ => false, 8, Hash, momentum: 1.0 / 256);
    }

    [TestCase(11, 8)]
    [TestCase(8, 8)]
    [TestCase(7, 4)]
    [TestCase(4, 4)]
    public void AGradientThatIsNotTheSame_IsSeenAtTheNextLandmark(int wrong, int landmark) =>
        AssertFault(_ => { }, step => step == wrong, landmark, Hash);

    [Test]
    public void AGradientThatIsNotTheSame_BeforeAllLandmarks_IsSeenAtTheStart() =>
        AssertFault(_ => { }, step => step == 2, 0, "the recovered start");

    private void AssertFault(Action<object> afterTraining, Predicate<int> isWrongAt, int step, string what, double momentum = 0.5)
    {
        var small = new SmallRun(1, [3, 2], steps: Steps);
        Array.Fill(small.Momentum, momentum);
        if (optimizer == "adamw")
            small.WithAdamW();
        using var session = Backend.Managed.Open(small.ToRaw(), Precision.Double);
        using var trajectory = new ReversibleTrajectory(session, verifyEvery: 4);
        trajectory.Train();
        afterTraining(ValueOf(trajectory, "state"));
        var exception = Assert.Throws<ReversalException>(() => trajectory.ForEachStepBackward(t =>
        {
            trajectory.RecoverWeights(t);
            session.EvaluateGradient(t);
            if (isWrongAt(t.Number))
            {
                // The evaluation is put off until the gradient is needed.
                ((ManagedSession<double>)session).Work.Do();
                ((ManagedVector<double>)session.Gradient).Replica(0)[5] += 1e-13;
            }
            trajectory.RecoverSlots(t);
        }))!;
        Assert.That(exception.Step, Is.EqualTo(step));
        Assert.That(exception.Message, Is.EqualTo(
            $"The reversal is not exact: {what} differs at step {step}. The hypergradient is not to be trusted; "
            + "run `hypergrad doctor` and report this."));
    }

    private static void Flip<T>(object owner, string array) where T : unmanaged, System.Numerics.IBinaryInteger<T> =>
        ((ManagedVector<T>)ValueOf(owner, array)).Replica(0)[4] ^= T.One;

    private static object ItemOf(object owner, string array, int index) => ((Array)ValueOf(owner, array)).GetValue(index)!;

    // A field or a property. The compiler's name of a constructor parameter's field has the parameter's in angle brackets.
    private static object ValueOf(object owner, string name)
    {
        const BindingFlags any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;
        return owner.GetType().GetProperty(name, any)?.GetValue(owner) ?? owner.GetType().GetFields(any)
            .Single(field => field.Name == name || field.Name.StartsWith($"<{name}>", StringComparison.Ordinal)).GetValue(owner)!;
    }
}
