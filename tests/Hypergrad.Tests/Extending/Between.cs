using Hypergrad.Hyperparameters;

namespace Hypergrad.Tests.Extending;

/// <summary>value = low + (high − low)/(1 + e^−θ), for what must stay between two bounds; as docs/extending.md prints it.</summary>
public sealed class Between(double low, double high) : ElementwiseTransform
{
    public override string Name => $"between {low} and {high}";

    public override string Requirement => $"between {low} and {high}";

    public override bool Accepts(double value) => value > low && value < high;

    protected override double Forward(double coordinate) => low + (high - low) / (1 + Math.Exp(-coordinate));

    protected override double Inverse(double value) => Math.Log((value - low) / (high - value));

    protected override double Derivative(double value) => (value - low) * (high - value) / (high - low);
}
