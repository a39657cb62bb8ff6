namespace Hypergrad.Hyperparameters;

/// <summary>
/// Tests a transform: that <see cref="Transform.Forward"/> undoes <see cref="Transform.Inverse"/>, and that
/// <see cref="Transform.PullBack"/> is its derivative, by central differences. A tuning does so by itself with every transform that a
/// hyperparameter has of its own.
/// </summary>
public static class TransformCheck
{
    // Of central differences with a step of ∛ε.
    private const double Step = 6e-6, Tolerance = 1e-5;

    // Each takes two passes over all values.
    private const int MostNamed = 256;

    /// <summary>Refuses a transform that is wrong at some values.</summary>
    /// <param name="transform">The transform.</param>
    /// <param name="values">Values that it accepts; all of the hyperparameter's, where rows of them belong together.</param>
    /// <param name="subject">What the message calls it; by default by its name.</param>
    /// <exception cref="ConfigurationException">The message names the value, and what was found and expected there.</exception>
    public static void Require(Transform transform, ReadOnlySpan<double> values, string? subject = null)
    {
        ArgumentNullException.ThrowIfNull(transform);
        subject = subject is null ? $"The transform {transform.Name}" : $"{subject}, {transform.Name},";
        var coordinates = new double[values.Length];
        var back = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
            if (!transform.Accepts(values[i]))
                throw new ConfigurationException(
                    $"{subject} does not accept {NumberAt(values, i)}; it must be {transform.Requirement}. Start elsewhere.");
        transform.Inverse(values, coordinates);
        RequireFinite(coordinates, values, $"{subject} accepts", "has no finite coordinate for it; correct its Accepts or its Inverse");
        transform.Forward(coordinates, back);
        for (int i = 0; i < values.Length; i++)
            if (!(Math.Abs(back[i] - values[i]) <= 1e-8 * Math.Max(1e-300, Math.Abs(values[i])) + 1e-12))
                throw new ConfigurationException($"{subject} takes {NumberAt(values, i)} to the coordinate {coordinates[i]} and back to "
                    + $"{back[i]}; Forward must undo Inverse.");
        RequireDerivative(transform, values, coordinates, subject);
    }

    // Along a few directions first, which costs no more than a few passes; where one fails, value by value, to say which.
    private static void RequireDerivative(Transform transform, ReadOnlySpan<double> values, double[] coordinates, string subject)
    {
        for (int probe = 0; probe < 3; probe++)
        {
            double[] weights = Waves(values.Length, 1.3 + probe), along = Waves(values.Length, 2.1 + probe);
            double[] gradient = PulledBack(transform, values, weights);
            RequireFinite(gradient, values, $"{subject} accepts", "pulls a gradient back to one that is not finite there");
            var (slope, size) = Slope(transform, coordinates, along, weights);
            double found = 0;
            for (int i = 0; i < gradient.Length; i++)
            {
                found += gradient[i] * along[i];
                size += Math.Abs(gradient[i] * along[i]);
            }
            if (!(Math.Abs(found - slope) <= Tolerance * size))
                throw Wrong(transform, values, coordinates, gradient, weights, subject);
        }
    }

    private static ConfigurationException Wrong(
        Transform transform, ReadOnlySpan<double> values, double[] coordinates, double[] gradient, double[] weights, string subject)
    {
        var along = new double[values.Length];
        var worst = (Index: 0, Distance: -1.0, Slope: double.NaN);
        for (int i = 0; i < values.Length; i += Math.Max(1, values.Length / MostNamed))
        {
            along[i] = 1;
            var (slope, size) = Slope(transform, coordinates, along, weights);
            along[i] = 0;
            double distance = Math.Abs(gradient[i] - slope) / Math.Max(double.Epsilon, size + Math.Abs(gradient[i]));
            if (distance > worst.Distance)
                worst = (i, distance, slope);
        }
        return new($"{subject} has a derivative that does not match: at {NumberAt(values, worst.Index)} PullBack makes "
            + $"{gradient[worst.Index]:G6} of a gradient of {weights[worst.Index]:G6}, and differences of Forward make "
            + $"{worst.Slope:G6}. Correct PullBack, or Forward.");
    }

    // Of Σ weights∘value along a direction of coordinates, and the size of what was summed.
    private static (double Slope, double Size) Slope(Transform transform, double[] coordinates, double[] along, double[] weights)
    {
        double[] ahead = At(transform, coordinates, along, Step), behind = At(transform, coordinates, along, -Step);
        double slope = 0, size = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            // What differs in the last digits alone shows no slope.
            double part = weights[i] * (ahead[i] - behind[i]) / (2 * Step);
            slope += part;
            size += Math.Abs(part) + Math.Abs(weights[i] * ahead[i]) * 1e-5;
        }
        return (slope, size);
    }

    private static double[] At(Transform transform, double[] coordinates, double[] along, double step)
    {
        var moved = new double[coordinates.Length];
        var values = new double[coordinates.Length];
        for (int i = 0; i < moved.Length; i++)
            moved[i] = coordinates[i] + step * along[i];
        transform.Forward(moved, values);
        return values;
    }

    private static double[] PulledBack(Transform transform, ReadOnlySpan<double> values, double[] weights)
    {
        double[] gradient = [.. weights];
        transform.PullBack(values, gradient);
        return gradient;
    }

    private static double[] Waves(int count, double frequency) =>
        [.. Enumerable.Range(0, count).Select(i => Math.Cos(frequency * (i + 1)) + (i % 2 == 0 ? 1.5 : -1.5))];

    private static void RequireFinite(double[] numbers, ReadOnlySpan<double> values, string before, string after)
    {
        int bad = Array.FindIndex(numbers, number => !double.IsFinite(number));
        if (bad >= 0)
            throw new ConfigurationException($"{before} {NumberAt(values, bad)}, and {after}.");
    }

    private static string NumberAt(ReadOnlySpan<double> values, int index) => $"{values[index]:G6} (value {index})";
}
