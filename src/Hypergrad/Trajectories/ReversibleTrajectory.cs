using Hypergrad.Arithmetic;
using Hypergrad.Backends;

namespace Hypergrad.Trajectories;

/// <summary>
/// Undoes every step in integer arithmetic (Maclaurin, Duvenaud, Adams 2015, Algorithms 2 and 3). The hashes of the state at some steps,
/// taken on the way out, are met again on the way back; at the end the state is the start, to the bit.
/// </summary>
internal sealed class ReversibleTrajectory(ISession session, int verifyEvery) : Trajectory(session)
{
    private readonly IReversibleState state = session.NewReversibleState();
    private readonly Stack<(int Step, ulong[] Hashes)> landmarks = new();
    private int landmarksSet, landmarksMet;
    private bool startMet;

    public override ReversalReport Report => new(
        landmarksSet, landmarksMet, startMet, state.SpilledBytes * 8.0 / Session.Run.Model.ParameterCount / Steps, EntropyPerWeightStep());

    public override void Train()
    {
        state.Start();
        using var advance = Session.NewBody(Advance);
        for (int from = 0, to; from < Steps; from = to)
        {
            to = Math.Min(Steps, from + verifyEvery);
            Session.ForEachStep(StepRange.Forward(from, to - 1), advance);
            ulong[] positions = state.HashPositions();
            Session.ForEachStep(StepRange.Forward(to - 1, to), advance);
            landmarks.Push((to, Combine(positions, state.HashVelocities())));
            landmarksSet++;
        }
    }

    public override void ForEachStepBackward(Action<Step> body)
    {
        state.BeginRetreat();
        using var undoing = Session.NewBody(body);
        int from = Steps;
        while (landmarks.TryPop(out var landmark))
        {
            Session.ForEachStep(StepRange.Backward(landmark.Step, from), undoing);
            // What is there now is what was hashed on the way out: V of this step, and X of the one before, its drift being undone already.
            if (!Combine(state.HashPositions(), state.HashVelocities()).SequenceEqual(landmark.Hashes))
                throw new ReversalException(landmark.Step, "the hash of positions and velocities");
            landmarksMet++;
            from = landmark.Step;
        }
        Session.ForEachStep(StepRange.Backward(0, from), undoing);
        startMet = state.EqualsStart();
        if (!startMet)
            throw new ReversalException(0, "the recovered start");
    }

    public override void RecoverVelocity(Step step) => state.Retreat(step);

    public override void Dispose() => state.Dispose();

    private void Advance(Step step)
    {
        Session.EvaluateGradient(step);
        state.Advance(step);
    }

    private static ulong[] Combine(ulong[] positions, ulong[] velocities) => [.. positions.Zip(velocities, (x, v) => x + 3 * v)];

    private double EntropyPerWeightStep()
    {
        var momentum = Session.Run.Momentum;
        double total = 0;
        for (int step = 0; step < Steps; step++)
            for (int group = 0; group < momentum.Grouping.Count; group++)
                total += DecayRatio.FromMomentum(momentum.Row(step)[group]).Entropy * momentum.Grouping.SizeOf(group);
        return total / Session.Run.Model.ParameterCount / Steps;
    }
}
