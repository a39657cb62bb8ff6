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

    private protected override (double[] Change, OptimizerState Next) UpdateClipped(OptimizerState state, double[] gradient) =>
        (Map(gradient, gradient, (g, _) => double.IsNaN(g) ? 0 : -StepSize * Math.Sign(g)), state with { Step = state.Step + 1 });
}
