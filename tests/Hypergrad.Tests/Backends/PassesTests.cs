using Hypergrad.Backends;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Backends;

/// <summary>The four passes of a step against finite differences in float64, penalties, example weights and repeats in the batch
/// included.</summary>
[TestFixtureSource(typeof(BackendUnderTest), nameof(Names))]
public sealed class PassesTests(string backend) : BackendUnderTest(backend)
{
    private const double Shift = 1e-5;

    private static readonly Quantity[] OfData = [Quantity.Inputs, Quantity.Targets, Quantity.ExampleWeights];

    private static IEnumerable<TestCaseData> Cases() =>
        from activation in Enum.GetValues<Activation>()
        from loss in Enum.GetValues<Loss>()
        from layers in (int[][])[[3, 2], [3, 4, 2], [2, 3, 4, 3], [2, 3, 2, 3, 2]]
        select new TestCaseData(activation, loss, layers).SetArgDisplayNames(activation.ToString(), loss.ToString(),
            string.Join('-', layers));

    [TestCaseSource(nameof(Cases))]
    public void Gradient_IsTheSlopeOfTheLoss(Activation activation, Loss loss, int[] layers)
    {
        var small = Small(activation, loss, layers);
        double[] w = small.InitialWeights;
        double[] gradient = Evaluate(small, w).Gradient;
        Close.Assert(gradient, Differences(w, at => Evaluate(small, at).Loss), 1e-8, "gradient");
    }

    [TestCaseSource(nameof(Cases))]
    public void HessianProduct_IsTheSlopeOfTheGradient(Activation activation, Loss loss, int[] layers)
    {
        var small = Small(activation, loss, layers);
        var (w, u) = (small.InitialWeights, Direction(small));
        double[] ahead = Evaluate(small, Along(w, u, Shift)).Gradient, behind = Evaluate(small, Along(w, u, -Shift)).Gradient;
        double[] slope = [.. ahead.Zip(behind, (a, b) => (a - b) / (2 * Shift))];
        var (gradient, product, _) = EvaluateTangent(small, u);
        Close.Assert(product, slope, 1e-8, "Hu");
        Assert.That(gradient, Is.EqualTo(Evaluate(small, w).Gradient), "the tangent leaves the gradient alone, bit for bit");
    }

    // ∂_u ∂L/∂X = ∂(g · u)/∂X, and so for targets and example weights.
    [TestCaseSource(nameof(Cases))]
    public void DataTangents_AreTheSlopesOfTheGradientAlongTheDirection(Activation activation, Loss loss, int[] layers)
    {
        var small = Small(activation, loss, layers);
        var (w, u) = (small.InitialWeights, Direction(small));
        var data = EvaluateTangent(small, u).Data;
        foreach (var part in OfData)
        {
            double[] values = small[part];
            double[] slopes = Differences(values, at =>
            {
                at.CopyTo(values, 0);
                return Evaluate(small, w).Gradient.Zip(u, (g, along) => g * along).Sum();
            });
            Close.Assert(data[part], slopes, 1e-8, part.ToString());
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void SinglePrecision_AgreesWithDouble(Activation activation, Loss loss, int[] layers)
    {
        var small = Small(activation, loss, layers);
        var u = Direction(small);
        var (gradient, product, data) = EvaluateTangent(small, u);
        var (singleGradient, singleProduct, singleData) = EvaluateTangent(small, u, Precision.Single);
        Close.Assert(singleGradient, gradient, 2e-6, "gradient");
        Close.Assert(singleProduct, product, 4e-6, "Hu");
        foreach (var part in data.Keys)
            Close.Assert(singleData[part], data[part], 4e-6, part.ToString());
    }

    // Far out every unit is saturated; nothing overflows, and the loss is as large as it says.
    [Test]
    public void Gradient_WithHugeInputs_IsFinite([Values] Activation activation,
        [Values(Precision.Single, Precision.Double)] Precision precision)
    {
        var small = Small(activation, Loss.SoftmaxCrossEntropy, [3, 4, 2]);
        small.Inputs = [.. small.Inputs.Select(x => 1e15 * x)];
        var (gradient, product, _) = EvaluateTangent(small, Direction(small), precision);
        Assert.That(gradient.Concat(product).All(double.IsFinite), Is.True);
    }

    [Test]
    public void Evaluate_IsTheMeanLossAndItsGradient_WithoutPenaltiesAndWeights([Values] Loss loss)
    {
        var small = Small(Activation.Tanh, loss, [3, 4, 2]);
        using var session = UnderTest.Open(small.ToRaw(), Precision.Double);
        session.Start();
        using var gradient = session.NewVector();
        var evaluation = session.Evaluate(small.Validation, gradient)[0];
        double[] slope = Differences(small.InitialWeights, at =>
        {
            session.Weights.Write(at);
            return session.Evaluate(small.Validation)[0].Loss;
        });
        Close.Assert(gradient.Read(slope.Length), slope, 1e-8, "gradient");
        session.Weights.Write(small.InitialWeights);

        // More examples than the passes have room for: many times the same ones have the same mean.
        int[] often = [.. Enumerable.Range(0, 1001 * small.Validation.Count).Select(i => i % small.Validation.Count)];
        using var gradientOfMany = session.NewVector();
        var evaluationOfMany = session.Evaluate(small.Validation.Select(often), gradientOfMany)[0];
        Assert.That(evaluationOfMany.Loss, Is.EqualTo(evaluation.Loss).Within(1e-12));
        Assert.That(evaluationOfMany.ErrorRate, Is.EqualTo(evaluation.ErrorRate).Within(1e-12));
        Close.Assert(gradientOfMany.Read(slope.Length), gradient.Read(slope.Length), 1e-12, "gradient");
        Assert.That(double.IsNaN(evaluation.ErrorRate), Is.EqualTo(loss == Loss.Squared));
    }

    [Test]
    public void Evaluate_CountsErrors()
    {
        var small = new SmallRun(3, [1, 2], steps: 1, examples: 4);
        using var session = UnderTest.Open(small.ToRaw(), Precision.Single);
        session.Weights.Write([1, -1, 0, 0]);
        // The first output is x, the second −x: right where x > 0 means class 0.
        var data = new Hypergrad.Data.Dataset(new([1.0, 2, -3, 4], 1), new([1.0, 0, 0, 1, 0, 1, 1, 0], 2));
        Assert.That(session.Evaluate(data)[0].ErrorRate, Is.EqualTo(0.25));
    }

    private static SmallRun Small(Activation activation, Loss loss, int[] layers) =>
        new(17, layers, activation, loss, steps: 1, examples: 4) { Batches = [[2, 0, 3, 2, 1]] };

    private (double Loss, double[] Gradient) Evaluate(SmallRun small, double[] w)
    {
        using var session = UnderTest.Open(small.ToRaw(), Precision.Double);
        session.Weights.Write(w);
        session.EvaluateGradient(new Step(0));
        return (session.TrainingLosses(0)[0], session.Gradient.Read(w.Length));
    }

    private (double[] Gradient, double[] Product, Dictionary<Quantity, double[]> Data) EvaluateTangent(
        SmallRun small, double[] u, Precision precision = Precision.Double)
    {
        using var session = UnderTest.Open(small.ToRaw(), precision);
        session.Start();
        using IVector direction = session.NewVector(), product = session.NewVector();
        using var data = session.NewDataVector(OfData);
        direction.Write(u);
        session.EvaluateGradient(new Step(0));
        session.EvaluateTangent(new Step(0), direction, product, data);
        return (session.Gradient.Read(u.Length), product.Read(u.Length), OfData.ToDictionary(part => part, part => data.ToArray(part, 0)!));
    }

    private static double[] Differences(double[] at, Func<double[], double> function)
    {
        double[] start = [.. at], slopes = new double[at.Length];
        for (int i = 0; i < slopes.Length; i++)
        {
            double[] ahead = [.. start], behind = [.. start];
            (ahead[i], behind[i]) = (start[i] + Shift, start[i] - Shift);
            slopes[i] = (function(ahead) - function(behind)) / (2 * Shift);
        }
        start.CopyTo(at, 0);
        return slopes;
    }

    private static double[] Direction(SmallRun small) => [.. small.InitialWeights.Select((w, j) => Math.Sin(7 * j + w))];

    private static double[] Along(double[] w, double[] u, double distance) => [.. w.Zip(u, (weight, along) => weight + distance * along)];
}
