using Hypergrad.Hypergradients;
using Hypergrad.Runs;

namespace Hypergrad.MetaOptimization;

/// <summary>
/// Descends the validation loss in the coordinates of the hyperparameters. A pure pair of functions: <see cref="Start"/> makes the state,
/// <see cref="Update"/> maps a state and a gradient to the change of the coordinates and the next state.
/// </summary>
/// <remarks>
/// An optimizer of one's own is a sealed record of this kind: <see cref="Name"/>, <see cref="Start"/>, <see cref="Observe"/> and
/// <see cref="Change"/>. All that it remembers is in its <see cref="OptimizerState"/>, which is kept on disk, so that a tuning that is
/// resumed goes the same way; its settings are properties, which are compared then by what the record prints.
/// <see cref="MetaOptimizerCheck"/> tests it. docs/extending.md has an example.
/// </remarks>
public abstract record MetaOptimizer
{
    /// <summary>Takes the step size.</summary>
    /// <param name="stepSize">η, above 0 and finite.</param>
    /// <exception cref="ConfigurationException">It is not.</exception>
    protected MetaOptimizer(double stepSize)
    {
        if (!(stepSize > 0 && double.IsFinite(stepSize)))
            throw new ConfigurationException($"A meta step size of {stepSize}: it must be above 0 and finite.");
        StepSize = stepSize;
    }

    /// <summary>η, how far a meta-step goes, in coordinates.</summary>
    public double StepSize { get; }

    /// <summary>How gradients are clipped before they are used.</summary>
    public GradientClipping Clipping { get; init; } = new();

    /// <summary>Its name: that on the command line, where it has one.</summary>
    public abstract string Name { get; }

    /// <summary>The state before the first update.</summary>
    /// <param name="count">How many coordinates there are.</param>
    public abstract OptimizerState Start(int count);

    /// <summary>One update.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="gradient">The hypergradient in coordinates; clipped here.</param>
    /// <returns>What is added to the coordinates, and the next state.</returns>
    /// <exception cref="ConfigurationException">The optimizer, one of the program's own, returned arrays of wrong lengths.</exception>
    public (double[] Change, OptimizerState Next) Update(OptimizerState state, ReadOnlySpan<double> gradient)
    {
        ArgumentNullException.ThrowIfNull(state);
        var clipped = Clipping.Apply(gradient);
        var next = StateAfter(state, clipped);
        return (ChangeFor(next, clipped), next);
    }

    /// <summary>One meta-step on a hyperparameter set.</summary>
    /// <param name="hypergradient">The hypergradient of a run of hyperparameters.</param>
    /// <param name="state">The state so far, or null before the first step; gets the next one.</param>
    /// <returns>The run's hyperparameters after the step.</returns>
    public HyperparameterSet Step(Hypergradient hypergradient, ref OptimizerState? state)
    {
        ArgumentNullException.ThrowIfNull(hypergradient);
        var run = hypergradient.Run;
        var hyperparameters = run.Hyperparameters
            ?? throw new InvalidOperationException("This hypergradient is of a run of raw quantities; it has no hyperparameters to step.");
        var vector = hyperparameters.ToVector(run.Network);
        (var change, state) = Update(state ?? Start(vector.Length), hypergradient.Coordinates);
        for (int i = 0; i < vector.Length; i++)
            vector[i] += change[i];
        return hyperparameters.WithVector(run.Network, vector);
    }

    /// <summary>The state with one more gradient in it.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="gradient">The gradient, clipped.</param>
    /// <returns>A new state: the one given stays as it is.</returns>
    protected abstract OptimizerState Observe(OptimizerState state, double[] gradient);

    /// <summary>What is added to the coordinates, given the state after the gradient.</summary>
    /// <param name="state">The state that has observed the gradient.</param>
    /// <param name="gradient">The gradient, clipped.</param>
    /// <returns>The change, [coordinates].</returns>
    protected abstract double[] Change(OptimizerState state, double[] gradient);

    /// <summary>
    /// D, the step per unit of gradient in every coordinate, without what is remembered of earlier directions: the change would be −D g.
    /// A tuning whose steps did not come true goes on by a model of the loss on these scales. By default |change| / |g|, and 0 where g is.
    /// </summary>
    /// <param name="state">The state that has observed the gradient.</param>
    /// <param name="gradient">The gradient, clipped.</param>
    /// <returns>Numbers of 0 or more, [coordinates].</returns>
    protected virtual double[] Scales(OptimizerState state, double[] gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        return Vectors.Map(Change(state, gradient), gradient, (change, g) => Math.Abs(g) > 0 ? Math.Abs(change) / Math.Abs(g) : 0);
    }

    /// <summary>How far a step of full length moves a coordinate, in the root mean square.</summary>
    /// <param name="gradient">The gradient, clipped.</param>
    protected virtual double Reach(double[] gradient) => StepSize;

    /// <summary><see cref="Reach"/>, for the search.</summary>
    internal double ReachOf(double[] gradient) => Reach(gradient);

    /// <summary><see cref="Observe"/>, its lengths checked.</summary>
    internal OptimizerState StateAfter(OptimizerState state, double[] gradient)
    {
        var next = Observe(state, gradient) ?? throw Refuse("returned no state");
        return next.Lengths.SequenceEqual(state.Lengths) ? next : throw Refuse(
            $"made of a state of arrays of {string.Join(", ", state.Lengths)} numbers one of {string.Join(", ", next.Lengths)}; "
            + "they have the lengths that Start gave them");
    }

    /// <summary><see cref="Change"/>, its length checked.</summary>
    internal double[] ChangeFor(OptimizerState state, double[] gradient) => Checked(Change(state, gradient), gradient, "a change");

    /// <summary><see cref="Scales"/>, its length and signs checked.</summary>
    internal double[] ScalesFor(OptimizerState state, double[] gradient)
    {
        var scales = Checked(Scales(state, gradient), gradient, "scales");
        int bad = Array.FindIndex(scales, scale => scale < 0);
        return bad < 0 ? scales : throw Refuse($"returned the scale {scales[bad]} for coordinate {bad}; it must not be below 0");
    }

    private double[] Checked(double[]? returned, double[] gradient, string what) => returned?.Length == gradient.Length
        ? returned
        : throw Refuse($"returned {what} of {returned?.Length ?? 0} numbers for {gradient.Length} coordinates; return one for each");

    private ConfigurationException Refuse(string what) => new($"The meta-optimizer {Name} ({GetType().Name}) {what}.");

    private protected static double InRange(double value, string name) => value is >= 0 and < 1
        ? value
        : throw new ConfigurationException($"{name} is {value}; it must be from 0 to below 1.");
}
