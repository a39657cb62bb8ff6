namespace Hypergrad.MetaOptimization;

/// <summary>Tests a meta-optimizer of one's own, before a tuning depends on it.</summary>
public static class MetaOptimizerCheck
{
    /// <summary>
    /// Makes a few updates and refuses an optimizer that a tuning could not be resumed with, or that would not descend: one whose update is
    /// no function of state and gradient alone, that changes what it was given, that returns arrays of wrong lengths or numbers that are
    /// not finite, or whose first step goes uphill.
    /// </summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="coordinates">How many coordinates it is tried with, at least 1.</param>
    /// <exception cref="ConfigurationException">The message says what is wrong.</exception>
    public static void Require(MetaOptimizer optimizer, int coordinates = 4)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(coordinates, 1);
        var state = optimizer.Start(coordinates);
        if (state.Step != 0)
            throw Refuse(optimizer, $"starts with {state.Step} updates made; Start must begin at 0");
        for (int update = 0; update < 4; update++)
        {
            double[] gradient = GradientOf(update, coordinates), given = [.. gradient];
            var before = Copy(state);
            var (change, next) = optimizer.Update(state, given);
            var (again, nextAgain) = optimizer.Update(Copy(before), [.. gradient]);
            _ = optimizer.ScalesFor(next, [.. gradient]);
            if (!state.HasNumbersOf(before))
                throw Refuse(optimizer, "changes the state that it is given; make a new one");
            if (!change.SequenceEqual(again) || !next.HasNumbersOf(nextAgain))
                throw Refuse(optimizer, "gives another update for the same state and gradient; keep all that it remembers in its state");
            if (next.Step != update + 1)
                throw Refuse(optimizer, $"counts {next.Step} updates after {update + 1}; Observe must count one more");
            int bad = Array.FindIndex(change, value => !double.IsFinite(value));
            if (bad >= 0)
                throw Refuse(optimizer, $"changes coordinate {bad} by {change[bad]}; it must be finite");
            if (update == 0 && !(Vectors.Dot(change, optimizer.Clipping.Apply(gradient)) < 0))
                throw Refuse(optimizer, "goes uphill in its first step; Change is what is added, and points against the gradient");
            state = next;
        }
    }

    private static double[] GradientOf(int update, int coordinates) =>
        [.. Enumerable.Range(0, coordinates).Select(i => Math.Cos(1 + 2.0 * i + 3.0 * update) / (1 + i))];

    private static OptimizerState Copy(OptimizerState state) =>
        new(state.Step, [.. state.First], [.. state.Second]) { More = [.. state.More.Select(array => array.ToArray())] };

    private static ConfigurationException Refuse(MetaOptimizer optimizer, string what) =>
        new($"The meta-optimizer {optimizer.Name} ({optimizer.GetType().Name}) {what}.");
}
