namespace Hypergrad.Arithmetic;

/// <summary>The direction of Adam's step (Kingma, Ba 2015), each operation rounded once.</summary>
internal static class AdamFormula
{
    /// <summary>ψ = (m/b₁) / (√(s/b₂) + ε).</summary>
    /// <param name="firstMoment">m.</param>
    /// <param name="secondMoment">s.</param>
    /// <param name="firstCorrection">b₁ = 1 − Π β₁.</param>
    /// <param name="secondCorrection">b₂ = 1 − Π β₂.</param>
    /// <param name="epsilon">ε.</param>
    public static double Of(double firstMoment, double secondMoment, double firstCorrection, double secondCorrection, double epsilon) =>
        firstMoment / firstCorrection / (Math.Sqrt(secondMoment / secondCorrection) + epsilon);
}
