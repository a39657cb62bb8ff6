using Hypergrad.Backends;

namespace Hypergrad.Trajectories;

/// <summary>
/// Undoes every step in integer arithmetic (Maclaurin, Duvenaud, Adams 2015, Algorithms 2 and 3). The hashes of the state at some steps,
/// taken on the way out, are met again on the way back; at the end the state is the start, to the bit. Where the session is on a device
/// nothing waits for a hash: whether all were met is asked at the end, before the start is compared.
/// </summary>
internal sealed class ReversibleTrajectory(ISession session, int verifyEvery) : Trajectory(session)
{
    private readonly IReversibleState state = session.NewReversibleState();
    private ILandmarks? landmarks;
    private int landmarksSet, landmarksMet;
    private bool startMet;

    public override ReversalReport Report => new(
        landmarksSet, landmarksMet, startMet, state.SpilledBytes * 8.0 / Session.Run.Network.ParameterCount / Steps,
        state.ResidentBytes * 8.0 / Session.Run.Network.ParameterCount, EntropyPerWeightStep());

    private int LandmarkCount => (Steps - 1) / verifyEvery + 1;

    public override void Train()
    {
        state.Start();
        landmarks = state.NewLandmarks(LandmarkCount) ?? new HashedLandmarks(state, LandmarkCount);
        using var advance = Session.NewBody(step =>
        {
            Session.EvaluateGradient(step);
            state.Advance(step);
        });
        for (int number = 0; number < LandmarkCount; number++)
        {
            WalkForward(number * verifyEvery, StepOf(number), advance);
            landmarks.Set(number);
            landmarksSet++;
        }
    }

    public override void ForEachStepBackward(Action<Step> body)
    {
        state.BeginRetreat();
        using var undoing = Session.NewBody(body);
        int from = Steps;
        for (int number = LandmarkCount - 1; number >= 0; number--)
        {
            WalkBack(StepOf(number), from, undoing);
            from = StepOf(number);
            landmarks!.Meet(number);
            if (landmarks.TellsAtOnce)
                RequireMet(number);
        }
        WalkBack(0, from, undoing);
        RequireMet(0);
        startMet = state.EqualsStart();
        if (!startMet)
            throw new ReversalException(0, "the recovered start");
    }

    public override void RecoverWeights(Step step) => state.RetreatWeights(step);

    public override void RecoverSlots(Step step) => state.RetreatSlots(step);

    public override void Dispose()
    {
        landmarks?.Dispose();
        state.Dispose();
    }

    // One after every so many steps, and one at the end.
    private int StepOf(int landmark) => Math.Min(Steps, (landmark + 1) * verifyEvery);

    // All from the last one on down to this one.
    private void RequireMet(int landmark)
    {
        int? unmet = landmarks!.FirstUnmet();
        landmarksMet = LandmarkCount - (unmet is { } number ? number + 1 : landmark);
        if (unmet is not null)
            throw new ReversalException(StepOf(unmet.Value), "the hash of the state");
    }

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
