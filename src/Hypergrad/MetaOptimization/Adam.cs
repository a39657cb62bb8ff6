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
    /// <remarks>The first moment becomes that of a gradient that was always this one; the second stays.</remarks>
    public override OptimizerState Restart(OptimizerState state, ReadOnlySpan<double> gradient)
    {
        ArgumentNullException.ThrowIfNull(state);
        double weight = 1 - Math.Pow(FirstDecay, state.Step);
        return state with { First = [.. Clipping.Apply(gradient).Select(g => weight * g)] };
    }

    private protected override (double[] Change, OptimizerState Next) UpdateClipped(OptimizerState state, double[] gradient)
    {
        int t = state.Step + 1;
        var first = Map(state.First, gradient, (m, g) => FirstDecay * m + (1 - FirstDecay) * g);
        var second = Map(state.Second, gradient, (v, g) => SecondDecay * v + (1 - SecondDecay) * g * g);
        double firstBias = 1 - Math.Pow(FirstDecay, t), secondBias = 1 - Math.Pow(SecondDecay, t);
        var change = Map(first, second, (m, v) => -StepSize * (m / firstBias) / (Math.Sqrt(v / secondBias) + Epsilon));
        return (change, new(t, first, second));
    }
}
