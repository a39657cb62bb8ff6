using Hypergrad.Hypergradients;
using Hypergrad.Runs;

namespace Hypergrad.MetaOptimization;

/// <summary>
/// Descends the validation loss in the coordinates of the hyperparameters. A pure pair of functions: <see cref="Start"/> makes the state,
/// <see cref="Update"/> maps a state and a gradient to the change of the coordinates and the next state.
/// </summary>
public abstract record MetaOptimizer
{
    private protected MetaOptimizer(double stepSize)
    {
        if (!(stepSize > 0 && double.IsFinite(stepSize)))
            throw new ConfigurationException($"A meta step size of {stepSize}: it must be above 0 and finite.");
        StepSize = stepSize;
    }

    /// <summary>η, how far a meta-step goes, in coordinates.</summary>
    public double StepSize { get; }

    /// <summary>How gradients are clipped before they are used.</summary>
    public GradientClipping Clipping { get; init; } = new();

    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The state before the first update.</summary>
    /// <param name="count">How many coordinates there are.</param>
    public abstract OptimizerState Start(int count);

    /// <summary>One update.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="gradient">The hypergradient in coordinates; clipped here.</param>
    /// <returns>What is added to the coordinates, and the next state.</returns>
    public (double[] Change, OptimizerState Next) Update(OptimizerState state, ReadOnlySpan<double> gradient)
    {
        ArgumentNullException.ThrowIfNull(state);
        var clipped = Clipping.Apply(gradient);
        var next = Observe(state, clipped);
        return (Change(next, clipped), next);
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
    internal abstract OptimizerState Observe(OptimizerState state, double[] gradient);

    /// <summary>What is added to the coordinates, given the state after the gradient.</summary>
    /// <param name="state">The state that has observed the gradient.</param>
    /// <param name="gradient">The gradient, clipped.</param>
    internal abstract double[] Change(OptimizerState state, double[] gradient);

    /// <summary>
    /// D, the step per unit of gradient in every coordinate, without what is remembered of earlier directions: the change would be −D g.
    /// </summary>
    /// <param name="state">The state that has observed the gradient.</param>
    /// <param name="gradient">The gradient, clipped.</param>
    internal abstract double[] Scales(OptimizerState state, double[] gradient);

    /// <summary>How far a step of full length moves a coordinate, in the root mean square.</summary>
    /// <param name="gradient">The gradient, clipped.</param>
    internal virtual double Reach(double[] gradient) => StepSize;

    private protected static double InRange(double value, string name) => value is >= 0 and < 1
        ? value
        : throw new ConfigurationException($"{name} is {value}; it must be from 0 to below 1.");
}
