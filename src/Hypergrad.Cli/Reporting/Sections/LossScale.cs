namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>Decides how an axis of losses is scaled.</summary>
internal static class LossScale
{
    /// <summary>The ratio of largest to smallest loss from which a linear axis would press the small ones flat.</summary>
    private const double LargestLinearRatio = 20;

    public static bool IsLogarithmic(IEnumerable<double> losses)
    {
        double[] drawable = [.. losses.Where(double.IsFinite)];
        return drawable.Length > 0 && drawable.Min() > 0 && drawable.Max() / drawable.Min() > LargestLinearRatio;
    }
}
