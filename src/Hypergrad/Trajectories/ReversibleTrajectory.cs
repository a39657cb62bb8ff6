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
        landmarksSet, landmarksMet, startMet, state.SpilledBytes * 8.0 / Session.Run.Network.ParameterCount / Steps,
        state.ResidentBytes * 8.0 / Session.Run.Network.ParameterCount, EntropyPerWeightStep());

    public override void Train()
    {
        state.Start();
        using var advance = Session.NewBody(step =>
        {
            Session.EvaluateGradient(step);
            state.Advance(step);
        });
        for (int from = 0, to; from < Steps; from = to)
        {
            to = Math.Min(Steps, from + verifyEvery);
            WalkForward(from, to, advance);
            landmarks.Push((to, state.Hash()));
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
            WalkBack(landmark.Step, from, undoing);
            if (!state.Hash().SequenceEqual(landmark.Hashes))
                throw new ReversalException(landmark.Step, "the hash of the state");
            landmarksMet++;
            from = landmark.Step;
        }
        WalkBack(0, from, undoing);
        startMet = state.EqualsStart();
        if (!startMet)
            throw new ReversalException(0, "the recovered start");
    }

    public override void RecoverWeights(Step step) => state.RetreatWeights(step);

    public override void RecoverSlots(Step step) => state.RetreatSlots(step);

    public override void Dispose() => state.Dispose();

    private double EntropyPerWeightStep()
    {
        double total = 0;
        foreach (var decay in Session.Run.Optimizer.Decays)
        {
            var grouping = decay.Coefficient.Grouping;
            for (int i = 0; i < decay.Coefficient.Ratios!.Length; i++)
                total += decay.Coefficient.Ratios[i].Entropy * grouping.SizeOf(i % grouping.Count);
        }
        return total / Session.Run.Network.ParameterCount / Steps;
    }
}
