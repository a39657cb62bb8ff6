namespace Hypergrad.MetaOptimization;

/// <summary>Sums over coordinates, in their order.</summary>
internal static class Vectors
{
    /// <summary>a·b.</summary>
    public static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary>‖a‖.</summary>
    public static double Norm(double[] a) => Math.Sqrt(Dot(a, a));

    /// <summary>√(‖a‖²/n), how far a step moves a coordinate.</summary>
    public static double RootMeanSquare(double[] a) => Math.Sqrt(Dot(a, a) / Math.Max(1, a.Length));

    /// <summary>a + factor b.</summary>
    public static double[] Add(double[] a, double factor, double[] b) => Map(a, b, (x, y) => x + factor * y);

    /// <summary>formula(a, b), coordinate by coordinate.</summary>
    public static double[] Map(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Func<double, double, double> formula)
    {
        var result = new double[a.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = formula(a[i], b[i]);
        return result;
    }
}
