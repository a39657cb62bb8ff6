using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Hypergradients;

/// <summary>
/// Refuses a hypergradient that is not finite. An adjoint that has left the finite numbers never comes back to them, so that it is enough
/// to check what a sweep ends with; by which step it happened is found out only then.
/// </summary>
internal static class AdjointDivergence
{
    /// <summary>Checks what a sweep gathered, and the adjoint it ended with.</summary>
    /// <exception cref="HypergradientDivergedException">Some of it is not finite.</exception>
    public static void Refuse(
        ISession session, HypergradientMethod method, Dataset validation, Adjoint adjoint, IReadOnlyList<RawGradient> replicas)
    {
        Quantity[] broken = [.. Quantity.All.Where(quantity => replicas.Any(replica => !IsFinite(replica[quantity])))];
        if (broken.Length == 0 && IsFinite(session, adjoint.State.Weights) && adjoint.State.Slots.All(slot => IsFinite(session, slot)))
            return;
        int step = adjoint.State.Coefficients.All(gathered => gathered is not null)
            ? StepOf(session, adjoint)
            : StepOfASweepAgain(session, method, validation);
        throw new HypergradientDivergedException(step, broken, session.Precision);
    }

    // The gradients of an optimizer's coefficients are sums over the adjoint at every step: they tell where it happened.
    private static int StepOfASweepAgain(ISession session, HypergradientMethod method, Dataset validation)
    {
        using var adjoint = new Adjoint(session, [.. session.Run.Optimizer.Tables.Keys]);
        using var trajectory = method.Open(session);
        trajectory.Train();
        session.Evaluate(validation, adjoint.State.Weights);
        method.Sweep(session, trajectory, adjoint);
        return StepOf(session, adjoint);
    }

    // The last step, and so the first on the way back, whose sums are not finite; where all are, the whole way was needed.
    private static int StepOf(ISession session, Adjoint adjoint) =>
        Enumerable.Range(0, session.Run.Replicas).Max(replica => adjoint.State.Coefficients.Max(
            gathered => LastBroken(gathered!.ToArray(replica), session.Run.Steps)));

    private static int LastBroken(double[] sums, int steps) =>
        Math.Max(0, Array.FindLastIndex(sums, sum => !double.IsFinite(sum))) / (sums.Length / steps);

    private static bool IsFinite(double[]? values)
    {
        foreach (double value in values ?? [])
            if (!double.IsFinite(value))
                return false;
        return true;
    }

    private static bool IsFinite(ISession session, IVector vector)
    {
        // The squares of large numbers may be infinite where they are not.
        if (vector is INormedVector normed
            && Enumerable.Range(0, session.Run.Replicas).All(replica => double.IsFinite(normed.SquaredNorm(replica))))
            return true;
        var values = new double[session.Run.Network.ParameterCount];
        for (int replica = 0; replica < session.Run.Replicas; replica++)
        {
            vector.CopyTo(replica, values);
            if (!IsFinite(values))
                return false;
        }
        return true;
    }
}
