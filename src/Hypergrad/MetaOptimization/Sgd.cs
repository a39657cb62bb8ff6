namespace Hypergrad.MetaOptimization;

/// <summary>Gradient descent with heavy-ball momentum: m ← μm + g, θ ← θ − ηm.</summary>
public sealed record Sgd : MetaOptimizer
{
    /// <summary>Makes the optimiser.</summary>
    /// <param name="stepSize">η, above 0.</param>
    public Sgd(double stepSize = 0.04) : base(stepSize) { }

    /// <summary>μ, from 0 to below 1.</summary>
    public double Momentum { get; init => field = InRange(value, "The momentum of meta-descent"); }

    /// <inheritdoc/>
    public override string Name => "sgd";

    /// <inheritdoc/>
    public override OptimizerState Start(int count) => new(0, new double[count], []);

    /// <inheritdoc/>
    protected override OptimizerState Observe(OptimizerState state, double[] gradient) =>
        new(state.Step + 1, Vectors.Map(state.First, gradient, (m, g) => Momentum * m + g), []);

    /// <inheritdoc/>
    protected override double[] Change(OptimizerState state, double[] gradient) => [.. state.First.Select(m => -StepSize * m)];

    /// <inheritdoc/>
    protected override double[] Scales(OptimizerState state, double[] gradient) => [.. gradient.Select(_ => StepSize)];

    /// <inheritdoc/>
    protected override double Reach(double[] gradient) => StepSize * Vectors.RootMeanSquare(gradient);
}
