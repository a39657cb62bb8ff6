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
    public override OptimizerState Restart(OptimizerState state, ReadOnlySpan<double> gradient)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state with { First = new double[state.First.Length] };
    }

    private protected override (double[] Change, OptimizerState Next) UpdateClipped(OptimizerState state, double[] gradient)
    {
        var first = Map(state.First, gradient, (m, g) => Momentum * m + g);
        return (Map(first, first, (m, _) => -StepSize * m), new(state.Step + 1, first, []));
    }
}
