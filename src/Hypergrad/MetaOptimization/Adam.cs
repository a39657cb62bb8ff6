namespace Hypergrad.MetaOptimization;

/// <summary>
/// Adam (Kingma, Ba 2015): m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − η (m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε).
/// </summary>
public sealed record Adam : MetaOptimizer
{
    /// <summary>Makes the optimiser.</summary>
    /// <param name="stepSize">η, above 0.</param>
    public Adam(double stepSize = 0.04) : base(stepSize) { }

    /// <summary>β₁, from 0 to below 1.</summary>
    public double FirstDecay { get; init => field = InRange(value, "Adam's first decay"); } = 0.9;

    /// <summary>β₂, from 0 to below 1.</summary>
    public double SecondDecay { get; init => field = InRange(value, "Adam's second decay"); } = 0.999;

    /// <summary>ε.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    public override string Name => "adam";

    /// <inheritdoc/>
    public override OptimizerState Start(int count) => new(0, new double[count], new double[count]);

    /// <inheritdoc/>
    protected override OptimizerState Observe(OptimizerState state, double[] gradient) => new(
        state.Step + 1,
        Vectors.Map(state.First, gradient, (m, g) => FirstDecay * m + (1 - FirstDecay) * g),
        Vectors.Map(state.Second, gradient, (v, g) => SecondDecay * v + (1 - SecondDecay) * g * g));

    /// <inheritdoc/>
    protected override double[] Change(OptimizerState state, double[] gradient)
    {
        double bias = 1 - Math.Pow(FirstDecay, state.Step);
        return Vectors.Map(state.First, Scales(state, gradient), (m, scale) => -scale * (m / bias));
    }

    /// <inheritdoc/>
    protected override double[] Scales(OptimizerState state, double[] gradient)
    {
        double bias = 1 - Math.Pow(SecondDecay, state.Step);
        return [.. state.Second.Select(v => StepSize / (Math.Sqrt(v / bias) + Epsilon))];
    }
}
