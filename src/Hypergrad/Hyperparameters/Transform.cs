namespace Hypergrad.Hyperparameters;

/// <summary>
/// A differentiable map from unconstrained coordinates θ, in which meta-optimisation moves freely, to as many values, which training uses.
/// </summary>
/// <remarks>
/// A transform of one's own derives from this, or from <see cref="ElementwiseTransform"/>, is a function of its arguments alone, and is
/// given to a hyperparameter as <see cref="Hyperparameter.Transform"/>. <see cref="TransformCheck"/> tests it. docs/extending.md has an
/// example.
/// </remarks>
public abstract class Transform
{
    /// <summary>value = θ.</summary>
    public static Transform Identity { get; } = new IdentityTransform();

    /// <summary>θ = log value: for what must stay above 0.</summary>
    public static Transform Log { get; } = new LogTransform();

    /// <summary>θ = log(value / (1 − value)): for what must stay between 0 and 1.</summary>
    public static Transform Logit { get; } = new LogitTransform();

    /// <summary>value = total · softmax θ, row by row: for distributions, and for what must keep its sum.</summary>
    /// <param name="columns">Numbers per row.</param>
    /// <param name="total">The sum of a row, above 0.</param>
    public static Transform Softmax(int columns, double total = 1) => new SoftmaxTransform(columns, total);

    /// <summary>
    /// What messages call it. Its settings belong to it: a tuning is resumed only with transforms of the same names. By default the name of
    /// its type.
    /// </summary>
    public virtual string Name => GetType().Name;

    /// <summary>What a value must be for <see cref="Inverse"/> to be finite: "above 0", "between 0 and 1".</summary>
    public abstract string Requirement { get; }

    /// <summary>Whether a value has finite coordinates.</summary>
    public abstract bool Accepts(double value);

    /// <summary>Values from coordinates.</summary>
    public abstract void Forward(ReadOnlySpan<double> coordinates, Span<double> values);

    /// <summary>Coordinates from values.</summary>
    public abstract void Inverse(ReadOnlySpan<double> values, Span<double> coordinates);

    /// <summary>Turns, in place, a gradient with respect to the values into one with respect to the coordinates.</summary>
    public abstract void PullBack(ReadOnlySpan<double> values, Span<double> gradient);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private sealed class IdentityTransform : ElementwiseTransform
    {
        public override string Name => "identity";

        public override string Requirement => "finite";

        public override bool Accepts(double value) => double.IsFinite(value);

        protected override double Forward(double coordinate) => coordinate;

        protected override double Inverse(double value) => value;

        protected override double Derivative(double value) => 1;
    }

    private sealed class LogTransform : ElementwiseTransform
    {
        public override string Name => "log";

        public override string Requirement => "above 0";

        public override bool Accepts(double value) => value > 0 && double.IsFinite(value);

        protected override double Forward(double coordinate) => Math.Exp(coordinate);

        protected override double Inverse(double value) => Math.Log(value);

        protected override double Derivative(double value) => value;
    }

    private sealed class LogitTransform : ElementwiseTransform
    {
        public override string Name => "logit";

        public override string Requirement => "between 0 and 1";

        public override bool Accepts(double value) => value is > 0 and < 1;

        protected override double Forward(double coordinate) => 1 / (1 + Math.Exp(-coordinate));

        protected override double Inverse(double value) => Math.Log(value / (1 - value));

        protected override double Derivative(double value) => value * (1 - value);
    }

    private sealed class SoftmaxTransform(int columns, double total) : Transform
    {
        public override string Name => $"softmax of {columns}";

        public override string Requirement => "above 0";

        public override bool Accepts(double value) => value > 0 && double.IsFinite(value);

        public override void Forward(ReadOnlySpan<double> coordinates, Span<double> values)
        {
            for (int start = 0; start < coordinates.Length; start += columns)
            {
                double largest = double.NegativeInfinity, sum = 0;
                foreach (double coordinate in coordinates.Slice(start, columns))
                    largest = Math.Max(largest, coordinate);
                for (int i = start; i < start + columns; i++)
                    sum += values[i] = Math.Exp(coordinates[i] - largest);
                for (int i = start; i < start + columns; i++)
                    values[i] *= total / sum;
            }
        }

        public override void Inverse(ReadOnlySpan<double> values, Span<double> coordinates)
        {
            for (int i = 0; i < values.Length; i++)
                coordinates[i] = Math.Log(values[i]);
        }

        public override void PullBack(ReadOnlySpan<double> values, Span<double> gradient)
        {
            for (int start = 0; start < values.Length; start += columns)
            {
                double mean = 0;
                for (int i = start; i < start + columns; i++)
                    mean += values[i] / total * gradient[i];
                for (int i = start; i < start + columns; i++)
                    gradient[i] = values[i] * (gradient[i] - mean);
            }
        }
    }
}
