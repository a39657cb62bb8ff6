using Hypergrad.Backends;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Hypergradients;

/// <summary>
/// DrMAD (Fu et al. 2016): the adjoint sweep along a straight line from the first weights to the last instead of the path that training
/// took. Memory: two states, or <see cref="Knots"/>. It is not exact: penalties and data usually come out in the right direction, learning
/// rates often do not; ask for the accuracy (<see cref="HypergradientOptions.MeasureAccuracy"/>) before trusting it. Not for a learning
/// rate of 0, by which it divides.
/// </summary>
public sealed record DrMadMethod : HypergradientMethod
{
    /// <summary>
    /// How many reverse steps, each standing for an equal share of the training steps; null for as many as there are training steps.
    /// </summary>
    public int? ReverseSteps { get; init; }

    /// <summary>How many states the line goes through, the first and the last included; at least 2.</summary>
    public int Knots { get; init; } = 2;

    /// <inheritdoc/>
    public override string Name => "drmad";

    /// <inheritdoc/>
    public override bool IsExact => false;

    internal override Trajectory Open(ISession session) => new ShortcutTrajectory(session, Knots);

    internal override void Sweep(ISession session, Trajectory trajectory, Adjoint adjoint)
    {
        if (ReverseSteps is { } reverseSteps && reverseSteps < session.Run.Steps)
            CoarseSweep.Run(session, (ShortcutTrajectory)trajectory, adjoint, reverseSteps);
        else
            AdjointSweep.Run(session, trajectory, adjoint);
    }

    internal override void Validate(RawRun run)
    {
        if (ReverseSteps < 1 || ReverseSteps > run.Steps)
            throw new ConfigurationException($"{ReverseSteps} reverse steps for {run.Steps} training steps: choose from 1 to {run.Steps}.");
        if (Knots < 2 || Knots > run.Steps + 1)
            throw new ConfigurationException($"{Knots} knots for {run.Steps} training steps: choose from 2 to {run.Steps + 1}.");
        if (run.Optimizer is not { Slots: [_], Updates: [Decay, Kick, Drift { Coefficient: var rates, Direction: SlotDirection }] })
            throw new ConfigurationException($"DrMAD takes the velocity for the slope of the weights' path, which is so for the optimizer "
                + $"momentum alone; this run has {run.Optimizer.Name}. Use an exact method, or train with momentum.");
        int zero = Array.IndexOf(rates.Values, 0.0);
        if (zero >= 0)
            throw new ConfigurationException(
                $"The learning rate of step {zero / rates.Grouping.Count}, {rates.Grouping.NameOf(zero % rates.Grouping.Count)} is 0; "
                + "the shortcut divides by it to find the velocity. Use an exact method, or a learning rate other than 0.");
    }
}
