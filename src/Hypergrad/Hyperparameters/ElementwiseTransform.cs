namespace Hypergrad.Hyperparameters;

/// <summary>A transform that maps every coordinate by itself: three functions of one number are all it takes.</summary>
public abstract class ElementwiseTransform : Transform
{
    /// <summary>The value of a coordinate.</summary>
    protected abstract double Forward(double coordinate);

    /// <summary>The coordinate of a value.</summary>
    protected abstract double Inverse(double value);

    /// <summary>d value / d coordinate, where the value is this.</summary>
    protected abstract double Derivative(double value);

    /// <inheritdoc/>
    public sealed override void Forward(ReadOnlySpan<double> coordinates, Span<double> values)
    {
        for (int i = 0; i < coordinates.Length; i++)
            values[i] = Forward(coordinates[i]);
    }

    /// <inheritdoc/>
    public sealed override void Inverse(ReadOnlySpan<double> values, Span<double> coordinates)
    {
        for (int i = 0; i < values.Length; i++)
            coordinates[i] = Inverse(values[i]);
    }

    /// <inheritdoc/>
    public sealed override void PullBack(ReadOnlySpan<double> values, Span<double> gradient)
    {
        for (int i = 0; i < values.Length; i++)
            gradient[i] *= Derivative(values[i]);
    }
}
