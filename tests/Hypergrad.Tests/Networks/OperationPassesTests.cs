using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Tests.Backends;

namespace Hypergrad.Tests.Networks;

/// <summary>The four passes of every operation against finite differences in float64.</summary>
[TestFixtureSource(typeof(BackendUnderTest), nameof(Names))]
public sealed class OperationPassesTests(string backend) : BackendUnderTest(backend)
{
    private const double Shift = 1e-5, Tolerance = 2e-8;

    private static IEnumerable<TestCaseData> Cases() =>
        from network in OperationCase.Networks
        from loss in Enum.GetValues<Loss>()
        select new TestCaseData(network.Value(loss)).SetArgDisplayNames(network.Key, loss.ToString());

    [TestCaseSource(nameof(Cases))]
    public void Gradient_IsTheSlopeOfTheLoss(Network network)
    {
        var small = new OperationCase(network);
        using var session = small.Open(UnderTest);
        double[] slopes = Slopes(small.Weights, at => OperationCase.Loss(session, at));
        Close.Assert(small.Passes(UnderTest)["gradient"], slopes, Tolerance, "gradient");
    }

    [TestCaseSource(nameof(Cases))]
    public void HessianProduct_IsTheSlopeOfTheGradient(Network network)
    {
        var small = new OperationCase(network);
        using var session = small.Open(UnderTest);
        double[] ahead = OperationCase.Gradient(session, Along(small, Shift));
        double[] behind = OperationCase.Gradient(session, Along(small, -Shift));
        double[] slope = [.. ahead.Zip(behind, (a, b) => (a - b) / (2 * Shift))];
        var passes = small.Passes(UnderTest);
        Close.Assert(passes["Hu"], slope, Tolerance, "Hu");
        Close.AssertSame(passes["gradient"], OperationCase.Gradient(session, small.Weights), "the gradient beside the tangent");
    }

    // ∂_u ∂L/∂X = ∂(g · u)/∂X, and so for targets and example weights.
    [TestCaseSource(nameof(Cases))]
    public void DataTangents_AreTheSlopesOfTheGradientAlongTheDirection(Network network)
    {
        var small = new OperationCase(network);
        var passes = small.Passes(UnderTest);
        foreach (var (quantity, values) in DataOf(small))
        {
            double[] slopes = Slopes(values, at =>
            {
                at.CopyTo(values, 0);
                using var session = small.Open(UnderTest);
                return OperationCase.Gradient(session, small.Weights).Zip(small.Direction, (g, u) => g * u).Sum();
            });
            Close.Assert(passes[quantity.Spelling], slopes, Tolerance, quantity.Name);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void SinglePrecision_AgreesWithDouble(Network network)
    {
        var small = new OperationCase(network);
        var single = small.Passes(UnderTest, Precision.Single);
        foreach (var (name, expected) in small.Passes(UnderTest))
            Close.Assert(single[name], expected, 2e-5, name);
    }

    // Among equals the first one of the window, row by row, is the largest.
    [Test]
    public void MaxPool_OfEqualNumbers_TakesTheFirst()
    {
        var small = new OperationCase(new([4, 4, 1], new Convolution(1, 1), new MaxPool(2), new Flatten(), new Dense(2)), examples: 2);
        Array.Fill(small.Inputs, 0.7);
        double[] along = small.Passes(UnderTest)["inputs"];
        bool[] isFirst = [.. Enumerable.Range(0, along.Length).Select(i => i % 4 % 2 == 0 && i / 4 % 2 == 0)];
        Assert.That(along.Select(value => value != 0), Is.EqualTo(isFirst));
    }

    // One pixel becomes 0 · ∞, the others ∞.
    [Test]
    public void NotANumber_IsNotLostInAMaximum([Range(0, 3)] int place)
    {
        var network = new Network([2, 2, 1], new Convolution(1, 1), new MaxPool(2), new Flatten(), new Dense(1)) { Loss = Loss.Squared };
        var small = new OperationCase(network, examples: 2);
        Array.Fill(small.Inputs, 1);
        using (var before = small.Open(UnderTest))
            Assert.That(OperationCase.Loss(before, [double.PositiveInfinity, .. small.Weights[1..]]), Is.EqualTo(double.PositiveInfinity));
        small.Inputs[place] = 0;
        using var session = small.Open(UnderTest);
        Assert.That(OperationCase.Loss(session, [double.PositiveInfinity, .. small.Weights[1..]]), Is.NaN);
    }

    // With W = 0 and one example of ones, the gradient of the squared loss is −y / B times what the dropout made of them.
    [Test]
    public void Dropout_KeepsWhatTheMaskOfTheStepKeeps([Values] Precision precision, [Values(0, 1)] int replica, [Values(0, 200)] int row)
    {
        const double rate = 0.3;
        const int size = 1000;
        int examples = row + 60;
        var network = new Network([size], new Dropout(rate), new Dense(1)) { Loss = Loss.Squared };
        var small = new OperationCase(network, examples) { Replicas = 2 };
        Array.Fill(small.Inputs, 1);
        Array.Fill(small.Weights, 0);
        Array.Fill(small.Targets, -small.Batch.Length);
        Array.Fill(small.ExampleWeights, 0);
        small.ExampleWeights[row] = 1;
        using var session = small.Open(UnderTest, precision);
        var words = new Philox(session.Run.Seed, DropoutMask.StreamOf(0, replica));
        for (int step = 2; step >= 0; step--)
        {
            session.EvaluateGradient(new(step));
            double[] kept = session.Gradient.Read(size + 1, replica)[..size];
            double[] expected = [.. Enumerable.Range(0, size).Select(i =>
                words.Word(DropoutMask.FirstWord(step) + (ulong)(row * size + i)) >= DropoutMask.Threshold(rate) ? 1 / (1 - rate) : 0)];
            Close.Assert(kept, expected, 1e-6, $"step {step}");
        }
    }

    [Test]
    public void Dropout_IsNothingInEvaluation()
    {
        var with = new OperationCase(new([6], new Dense(9, Activation.Tanh), new Dropout(0.4), new Dense(2)));
        var without = new OperationCase(new([6], new Dense(9, Activation.Tanh), new Dense(2)));
        Assert.That(Evaluate(with), Is.EqualTo(Evaluate(without)));
    }

    private (double, double[]) Evaluate(OperationCase small)
    {
        using var session = small.Open(UnderTest);
        using var gradient = session.NewVector();
        // What training left behind is not what is evaluated.
        session.EvaluateGradient(new(0));
        double loss = session.Evaluate(small.Data, gradient)[0].Loss;
        return (loss, gradient.Read(small.Weights.Length));
    }

    private static double[] Along(OperationCase small, double distance) =>
        [.. small.Weights.Zip(small.Direction, (w, u) => w + distance * u)];

    private static IEnumerable<(Quantity Quantity, double[] Values)> DataOf(OperationCase small) =>
        ((Quantity, double[])[])[
            .. small.Network.Input.IsTokens ? [] : ((Quantity, double[])[])[(Quantity.Inputs, small.Inputs)],
            (Quantity.Targets, small.Targets), (Quantity.ExampleWeights, small.ExampleWeights)];

    private static double[] Slopes(double[] values, Func<double[], double> function)
    {
        double[] at = [.. values];
        var slopes = new double[at.Length];
        for (int i = 0; i < at.Length; i++)
        {
            double value = at[i];
            at[i] = value + Shift;
            double ahead = function(at);
            at[i] = value - Shift;
            slopes[i] = (ahead - function(at)) / (2 * Shift);
            at[i] = value;
            function(at);
        }
        return slopes;
    }
}
