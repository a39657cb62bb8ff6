using Hypergrad.Backends;
using Hypergrad.Tests.Backends;
using Hypergrad.Tests.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Tests.Trajectories;

/// <summary>What a trajectory promises a sweep, against the states of plain training, and that it gives back what it set aside.</summary>
[TestFixture("momentum")]
[TestFixture("adamw")]
public sealed class RecoveredStatesTests(string optimizer)
{
    private const int Steps = 7;

    private static readonly string[] Ways = ["stored", "checkpointed 1", "checkpointed 2", "checkpointed 7", "reversible 3"];

    // Twice, since a session may be trained again; the second training starts from the start too.
    [TestCaseSource(nameof(Ways))]
    public void Body_FindsTheSlotsAfterTheStep_ThenTheWeights_ThenTheSlotsBeforeIt(string way)
    {
        using var session = OpenSession();
        var states = PlainTraining(session);
        for (int time = 1; time <= 2; time++)
        {
            using var trajectory = Open(session, way);
            trajectory.Train();
            AssertSame(ReadWeights(session), states[Steps].Weights, $"weights at the end, time {time}");
            var visited = new List<int>();
            trajectory.ForEachStepBackward(step =>
            {
                int t = step.Number;
                visited.Add(t);
                AssertSame(ReadSlots(session), states[t + 1].Slots, $"slots after step {t}, time {time}");
                trajectory.RecoverWeights(step);
                AssertSame(ReadWeights(session), states[t].Weights, $"weights before step {t}, time {time}");
                session.EvaluateGradient(step);
                trajectory.RecoverSlots(step);
                AssertSame(ReadSlots(session), states[t].Slots, $"slots before step {t}, time {time}");
            });
            Assert.That(visited, Is.EqualTo(Enumerable.Range(0, Steps).Reverse()));
        }
    }

    [TestCaseSource(nameof(Ways))]
    public void Dispose_GivesBackWhatWasSetAside(string way)
    {
        using var managed = OpenSession();
        int made = 0, given = 0;
        object Counted<T>(T original) where T : class
        {
            made++;
            return Altered<T>.Around(original, (method, _, result) =>
            {
                given += method == "Dispose" ? 1 : 0;
                return result;
            });
        }
        var session = Altered<ISession>.Around(managed, (method, _, result) => (method, result) switch
        {
            ("NewVector", IVector vector) => Counted(vector),
            ("NewHistory", IStateHistory history) => Counted(history),
            ("NewReversibleState", IReversibleState state) => Counted(state),
            ("NewBody", IStepBody body) => Counted(body),
            _ => result,
        });
        var trajectory = Open(session, way);
        trajectory.Dispose();
        Assert.That(made, Is.Positive);
        Assert.That(given, Is.EqualTo(made));
    }

    private static Trajectory Open(ISession session, string way) => way.Split(' ') switch
    {
        ["stored"] => new StoredTrajectory(session),
        ["checkpointed", var snapshots] => new CheckpointedTrajectory(session, int.Parse(snapshots)),
        ["reversible", var verifyEvery] => new ReversibleTrajectory(session, int.Parse(verifyEvery)),
        _ => throw new ArgumentException($"There is no trajectory \"{way}\".", nameof(way)),
    };

    private ISession OpenSession()
    {
        var small = new SmallRun(1, [2, 2], steps: Steps);
        if (optimizer == "adamw")
            small.WithAdamW();
        return Backend.Managed.Open(small.ToRaw(), Precision.Double);
    }

    // [0 to T].
    private static List<(double[] Weights, double[] Slots)> PlainTraining(ISession session)
    {
        using var plainStep = Training.NewStep(session);
        session.Start();
        var states = new List<(double[], double[])> { (ReadWeights(session), ReadSlots(session)) };
        for (int t = 0; t < Steps; t++)
        {
            session.ForEachStep(StepRange.Forward(t, t + 1), plainStep);
            states.Add((ReadWeights(session), ReadSlots(session)));
        }
        return states;
    }

    private static double[] ReadWeights(ISession session) => session.Weights.Read(session.Run.Network.ParameterCount);

    private static double[] ReadSlots(ISession session) =>
        [.. session.Slots.SelectMany(slot => slot.Read(session.Run.Network.ParameterCount))];

    // The reversible trajectory's training is in fixed point, and rounds otherwise.
    private static void AssertSame(double[] actual, double[] expected, string what) => Close.AssertWithin(actual, expected, 1e-8, what);
}
