namespace Hypergrad.Tests.Hypergradients.Reference;

/// <summary>
/// Reverse-mode differentiation at its plainest: every operation on a number is written down with its partial derivatives, and read backwards.
/// It shares nothing with the library: no adjoint sweep, no R-operator.
/// </summary>
internal sealed class Tape
{
    private readonly List<(int First, double FirstPartial, int Second, double SecondPartial)> operations = [];

    /// <summary>An independent variable.</summary>
    public Variable Input(double value) => Record(value, -1, 0, -1, 0);

    /// <summary>Independent variables.</summary>
    public Variable[] Inputs(IEnumerable<double> values) => [.. values.Select(Input)];

    /// <summary>Writes down the result of an operation on up to two variables (−1 for none).</summary>
    public Variable Record(double value, int first, double firstPartial, int second, double secondPartial)
    {
        operations.Add((first, firstPartial, second, secondPartial));
        return new(this, operations.Count - 1, value);
    }

    /// <summary>The derivative of one variable with respect to every variable that was there before it.</summary>
    public double[] Differentiate(Variable output)
    {
        var adjoints = new double[operations.Count];
        adjoints[output.Index] = 1;
        for (int i = output.Index; i >= 0; i--)
        {
            var (first, firstPartial, second, secondPartial) = operations[i];
            if (first >= 0)
                adjoints[first] += firstPartial * adjoints[i];
            if (second >= 0)
                adjoints[second] += secondPartial * adjoints[i];
        }
        return adjoints;
    }
}
