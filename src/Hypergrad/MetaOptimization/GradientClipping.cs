namespace Hypergrad.MetaOptimization;

/// <summary>Bounds a hypergradient: long trainings can be chaotic, and a single exploding gradient would undo many good steps.</summary>
public sealed record GradientClipping
{
    private readonly double? norm, entry;

    /// <summary>The largest Euclidean norm; a longer gradient is shortened to it. Null for any.</summary>
    /// <exception cref="ConfigurationException">Not above 0.</exception>
    public double? Norm
    {
        get => norm;
        init => norm = Positive(value, "norm");
    }

    /// <summary>The largest magnitude of an entry; larger ones are cut to it. Null for any.</summary>
    /// <exception cref="ConfigurationException">Not above 0.</exception>
    public double? Entry
    {
        get => entry;
        init => entry = Positive(value, "entry");
    }

    /// <summary>The gradient within the bounds: entries first, then the norm.</summary>
    public double[] Apply(ReadOnlySpan<double> gradient)
    {
        var result = gradient.ToArray();
        if (Entry is { } largest)
            for (int i = 0; i < result.Length; i++)
                result[i] = Math.Clamp(result[i], -largest, largest);
        double length = Math.Sqrt(result.Sum(value => value * value));
        if (Norm is { } longest && length > longest)
            for (int i = 0; i < result.Length; i++)
                result[i] *= longest / length;
        return result;
    }

    private static double? Positive(double? value, string what) => value is null or > 0
        ? value
        : throw new ConfigurationException($"Clipping the gradient's {what} at {value}: the bound must be above 0.");
}
