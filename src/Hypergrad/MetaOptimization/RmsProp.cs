namespace Hypergrad.MetaOptimization;

/// <summary>RMSProp (Tieleman, Hinton 2012): v ← ρv + (1 − ρ)g², θ ← θ − η g / (√v + ε).</summary>
public sealed record RmsProp : MetaOptimizer
{
    /// <summary>Makes the optimiser.</summary>
    /// <param name="stepSize">η, above 0.</param>
    public RmsProp(double stepSize = 0.04) : base(stepSize) { }

    /// <summary>ρ, from 0 to below 1.</summary>
    public double Decay { get; init => field = InRange(value, "RMSProp's decay"); } = 0.9;

    /// <summary>ε.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    public override string Name => "rmsprop";

    /// <inheritdoc/>
    public override OptimizerState Start(int count) => new(0, [], new double[count]);

    /// <inheritdoc/>
    protected override OptimizerState Observe(OptimizerState state, double[] gradient) =>
        new(state.Step + 1, [], Vectors.Map(state.Second, gradient, (v, g) => Decay * v + (1 - Decay) * g * g));

    /// <inheritdoc/>
    protected override double[] Change(OptimizerState state, double[] gradient) =>
        Vectors.Map(gradient, Scales(state, gradient), (g, scale) => -scale * g);

    /// <inheritdoc/>
    protected override double[] Scales(OptimizerState state, double[] gradient) =>
        [.. state.Second.Select(v => StepSize / (Math.Sqrt(v) + Epsilon))];
}
