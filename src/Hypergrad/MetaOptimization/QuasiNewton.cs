namespace Hypergrad.MetaOptimization;

/// <summary>
/// L-BFGS (Nocedal, Wright 2006, section 7.2): a model of the inverse Hessian of the validation loss, which begins as the diagonal of the
/// meta-optimizer's scales, D, and is corrected by the curvature that the last meta-steps showed. Where the loss is a narrow valley, as it
/// is at the edge of stability, steps across it are shortened and those along it are not.
/// </summary>
internal static class QuasiNewton
{
    /// <summary>How many pairs are remembered, where there are few enough coordinates.</summary>
    private const int MostPairs = 10;

    // Numbers in all pairs: 64 MB.
    private const int MostNumbers = 1 << 23;

    /// <summary>
    /// The least curvature, as a fraction of D⁻¹'s. Powell has 0.2; along the valleys of hypergradients 0.5 went further in trials on
    /// MNIST.
    /// </summary>
    public const double Damping = 0.5;

    /// <summary>How many pairs are remembered.</summary>
    /// <param name="coordinates">How many coordinates there are.</param>
    public static int PairsFor(int coordinates) => Math.Clamp(MostNumbers / 2 / Math.Max(1, coordinates), 1, MostPairs);

    /// <summary>H g, with the inverse H of the model of the Hessian; the two-loop recursion (algorithm 7.4).</summary>
    /// <param name="pairs">The pairs, the latest last.</param>
    /// <param name="scales">The diagonal D that H begins as, [coordinates]; none below 0.</param>
    /// <param name="gradient">g, [coordinates].</param>
    public static double[] Multiply(IReadOnlyList<CurvaturePair> pairs, double[] scales, double[] gradient)
    {
        double[] product = [.. gradient];
        var along = new double[pairs.Count];
        for (int i = pairs.Count - 1; i >= 0; i--)
        {
            along[i] = Vectors.Dot(pairs[i].Step, product) / Vectors.Dot(pairs[i].Step, pairs[i].GradientChange);
            product = Vectors.Add(product, -along[i], pairs[i].GradientChange);
        }
        product = Vectors.Map(product, scales, (value, scale) => scale * value);
        for (int i = 0; i < pairs.Count; i++)
        {
            double back = Vectors.Dot(pairs[i].GradientChange, product) / Vectors.Dot(pairs[i].Step, pairs[i].GradientChange);
            product = Vectors.Add(product, along[i] - back, pairs[i].Step);
        }
        return product;
    }

    /// <summary>
    /// The pairs with what one more step showed. A curvature s·y below half of s·D⁻¹s, or below 0, is raised to that by moving y
    /// towards D⁻¹s (Powell's damping; Nocedal, Wright 2006, procedure 18.2), so that the model has a minimum and no step is long.
    /// </summary>
    /// <param name="pairs">The pairs before.</param>
    /// <param name="scales">D.</param>
    /// <param name="step">s.</param>
    /// <param name="gradientChange">y.</param>
    public static IReadOnlyList<CurvaturePair> With(
        IReadOnlyList<CurvaturePair> pairs, double[] scales, double[] step, double[] gradientChange)
    {
        double[] expected = Vectors.Map(step, scales, (value, scale) => scale > 0 ? value / scale : 0);
        double curvature = Vectors.Dot(step, gradientChange), least = Vectors.Dot(step, expected);
        if (curvature < Damping * least)
        {
            double weight = (1 - Damping) * least / (least - curvature);
            gradientChange = Vectors.Map(gradientChange, expected, (seen, model) => weight * seen + (1 - weight) * model);
            curvature = Vectors.Dot(step, gradientChange);
        }
        // Steps too small to show anything.
        if (!(curvature > 0 && double.IsFinite(curvature)))
            return pairs;
        return [.. pairs.Skip(Math.Max(0, pairs.Count + 1 - PairsFor(step.Length))), new(step, gradientChange)];
    }
}
