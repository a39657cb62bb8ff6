using Hypergrad.MetaOptimization;

namespace Hypergrad.Tests.Extending;

/// <summary>AMSGrad (Reddi, Kale, Kumar 2018): Adam whose steps never grow again; as docs/extending.md prints it.</summary>
public sealed record AmsGrad : MetaOptimizer
{
    public AmsGrad(double stepSize = 0.04) : base(stepSize) { }

    public double FirstDecay { get; init; } = 0.9;

    public double SecondDecay { get; init; } = 0.99;

    public override string Name => "amsgrad";

    public override OptimizerState Start(int count) =>
        new(0, new double[count], new double[count]) { More = [new double[count]] };

    protected override OptimizerState Observe(OptimizerState state, double[] gradient)
    {
        double[] first = [.. gradient.Select((g, i) => FirstDecay * state.First[i] + (1 - FirstDecay) * g)];
        double[] second = [.. gradient.Select((g, i) => SecondDecay * state.Second[i] + (1 - SecondDecay) * g * g)];
        double[] largest = [.. second.Select((s, i) => Math.Max(s, state.More[0][i]))];
        return new(state.Step + 1, first, second) { More = [largest] };
    }

    protected override double[] Change(OptimizerState state, double[] gradient) =>
        [.. state.First.Select((m, i) => -StepSize * m / (Math.Sqrt(state.More[0][i]) + 1e-8))];
}
