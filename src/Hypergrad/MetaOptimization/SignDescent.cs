namespace Hypergrad.MetaOptimization;

/// <summary>
/// Descends by the gradient's signs alone: θ ← θ − η sign(g). Robust where magnitudes differ by orders, as hypergradients' do.
/// </summary>
public sealed record SignDescent : MetaOptimizer
{
    /// <summary>Makes the optimiser.</summary>
    /// <param name="stepSize">η, above 0.</param>
    public SignDescent(double stepSize = 0.04) : base(stepSize) { }

    /// <inheritdoc/>
    public override string Name => "sign";

    /// <inheritdoc/>
    public override OptimizerState Start(int count) => new(0, [], []);

    /// <inheritdoc/>
    protected override OptimizerState Observe(OptimizerState state, double[] gradient) => state with { Step = state.Step + 1 };

    /// <inheritdoc/>
    protected override double[] Change(OptimizerState state, double[] gradient) =>
        [.. gradient.Select(g => double.IsNaN(g) ? 0 : -StepSize * Math.Sign(g))];

    /// <inheritdoc/>
    protected override double[] Scales(OptimizerState state, double[] gradient) =>
        [.. gradient.Select(g => Math.Abs(g) > 0 ? StepSize / Math.Abs(g) : 0)];
}
