using System.Numerics;
using Hypergrad.Backends.Managed.Losses;
using Hypergrad.Networks;

namespace Hypergrad.Tests.Backends.Managed.Losses;

[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public sealed unsafe class LossPassesTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly double[][] Logits =
    [
        [0, 0, 0], [1, 2, 3], [-1e4, 1e4, 0], [1e30, 1e30, -1e30], [3e38, -3e38, 0], [-3e38, -3e38, -3e38], [1e-30, -1e-30, 0],
        [88, -88, 87], [500, 499, -600],
    ];

    [Test]
    public void CrossEntropy_OfAnyLogits_IsFiniteAndRight()
    {
        double[] target = [0.25, 0.5, 0.25];
        foreach (var logits in Logits)
        {
            var (loss, delta, _, _, _) = Evaluate(Loss.SoftmaxCrossEntropy, logits, target, [0, 0, 0], factor: 2);
            double[] f = [.. logits.Select(Rounded)];
            double largest = f.Max(), total = f.Sum(x => Math.Exp(x - largest));
            double expected = Math.Log(total) + target.Zip(f, (y, x) => y * (largest - x)).Sum();
            double unit = Rounding();
            Assert.That(loss, Is.EqualTo(expected).Within(unit * (1 + Math.Abs(expected))), string.Join(", ", logits));
            Close.AssertWithin(
                delta, [.. f.Select((x, c) => 2 * (Math.Exp(x - largest) / total - target[c]))], 8 * unit, string.Join(", ", logits));
        }
    }

    // With all classes equally likely p = 1/3; along ḟ = (3, 0, 0) the mean is 1.
    [Test]
    public void CrossEntropy_Tangent_ByHand()
    {
        var (loss, delta, deltaTangent, targetTangent, lossTangent) =
            Evaluate(Loss.SoftmaxCrossEntropy, [5, 5, 5], [1, 0, 0], [3, 0, 0], factor: 0.5);
        Assert.That(loss, Is.EqualTo(Math.Log(3)).Within(1e-6));
        AssertNear(delta, [-1 / 3.0, 1 / 6.0, 1 / 6.0]);
        AssertNear(deltaTangent, [1 / 3.0, -1 / 6.0, -1 / 6.0]);
        AssertNear(targetTangent, [-2, 1, 1]);
        Assert.That(lossTangent, Is.EqualTo(-2).Within(1e-6));
    }

    // Targets that sum to 2: every p counts double.
    [Test]
    public void CrossEntropy_OfTargetsThatAreNoDistribution_ByHand()
    {
        var (loss, delta, deltaTangent, _, lossTangent) = Evaluate(Loss.SoftmaxCrossEntropy, [1, 1], [1.5, 0.5], [2, 0], factor: 1);
        Assert.That(loss, Is.EqualTo(2 * Math.Log(2)).Within(1e-6));
        AssertNear(delta, [-0.5, 0.5]);
        AssertNear(deltaTangent, [1, -1]);
        Assert.That(lossTangent, Is.EqualTo(-1).Within(1e-6));
    }

    [Test]
    public void Squared_ByHand()
    {
        var (loss, delta, deltaTangent, targetTangent, lossTangent) = Evaluate(Loss.Squared, [1, -2, 0], [0, 0, 2], [1, 10, 0], factor: 3);
        Assert.That(loss, Is.EqualTo(4.5));
        AssertNear(delta, [3, -6, -6]);
        AssertNear(deltaTangent, [3, 30, 0]);
        AssertNear(targetTangent, [-1, -10, 0]);
        Assert.That(lossTangent, Is.EqualTo(-19));
    }

    [Test]
    public void For_ALossThatIsNotThere_IsRefused() => Assert.That(
        () => LossPasses<T>.For((Loss)17), Throws.TypeOf<ConfigurationException>().With.Message.EqualTo("There is no loss 17."));

    private static double Rounding() => double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    private static double Rounded(double value) => double.CreateTruncating(T.CreateTruncating(value));

    private static void AssertNear(double[] actual, double[] expected) => Close.AssertWithin(actual, expected, 1e-5, "by hand");

    // Rows of whole vectors, with ends, and of less than one.
    [Test]
    public void CrossEntropy_OfRowsOfAnyLength_IsThatOfItsFormulas([Values(1, 5, 8, 16, 17, 40)] int columns)
    {
        const int rows = 3;
        var random = new Random(columns);
        T[] f = Narrow(Numbers()), y = Narrow(Numbers()), along = Narrow(Numbers()), factors = Narrow([0.5, 2, 1]);
        T[] p = new T[rows * columns], delta = new T[rows * columns], again = new T[rows * columns];
        T[] deltaTangent = new T[rows * columns], targetTangent = new T[rows * columns];
        double[] losses = new double[rows], lossTangents = new double[rows];
        fixed (T* fAt = f, yAt = y, factorsAt = factors, tangentAt = along, pAt = p, d = delta, dAgain = again, dTangent = deltaTangent,
            yTangent = targetTangent)
        fixed (double* lossesAt = losses, lossTangentsAt = lossTangents)
        {
            var batch = new LossRows<T> { Outputs = fAt, Targets = yAt, Factors = factorsAt, Rows = rows, Columns = columns };
            var passes = LossPasses<T>.For(Loss.SoftmaxCrossEntropy);
            passes.Evaluate(batch, pAt, d, lossesAt);
            passes.Evaluate(batch, pAt, dAgain, null);
            passes.EvaluateTangent(batch, pAt, tangentAt, dTangent, yTangent, lossTangentsAt);
        }
        Assert.That(again, Is.EqualTo(delta), "without the losses");
        double unit = 8 * columns * Rounding();
        for (int row = 0; row < rows; row++)
        {
            double[] Row(T[] numbers) => Widen(numbers[(row * columns)..((row + 1) * columns)]);
            double[] output = Row(f), target = Row(y), tangent = Row(along);
            double largest = output.Max(), total = output.Sum(x => Math.Exp(x - largest)), mass = target.Sum();
            double[] softmax = [.. output.Select(x => Math.Exp(x - largest) / total)];
            double mean = softmax.Zip(tangent, (a, b) => a * b).Sum(), factor = double.CreateTruncating(factors[row]);
            Assert.That(
                losses[row], Is.EqualTo(target.Zip(output, (a, b) => a * (largest + Math.Log(total) - b)).Sum()).Within(unit), "loss");
            Close.AssertWithin(Row(delta), [.. softmax.Zip(target, (a, b) => factor * (mass * a - b))], unit, "delta");
            Close.AssertWithin(
                Row(deltaTangent), [.. softmax.Zip(tangent, (a, b) => factor * mass * a * (b - mean))], unit, "tangent of delta");
            Close.AssertWithin(Row(targetTangent), [.. tangent.Select(b => mean - b)], unit, "tangent by the target");
            Assert.That(
                lossTangents[row], Is.EqualTo(mass * mean - target.Zip(tangent, (a, b) => a * b).Sum()).Within(unit), "tangent of the loss");
        }

        double[] Numbers() => [.. Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble() - 0.3)];
    }

    private static (double Loss, double[] Delta, double[] DeltaTangent, double[] TargetTangent, double LossTangent) Evaluate(
        Loss loss, double[] outputs, double[] targets, double[] outputTangents, double factor)
    {
        int columns = outputs.Length;
        T[] f = Narrow(outputs), y = Narrow(targets), tangent = Narrow(outputTangents), factors = Narrow([factor]);
        T[] probabilities = new T[columns], delta = new T[columns], deltaTangent = new T[columns], targetTangent = new T[columns];
        double lossValue, lossTangent;
        fixed (T* fAt = f, yAt = y, factorsAt = factors, tangentAt = tangent, p = probabilities, d = delta, dTangent = deltaTangent,
            yTangent = targetTangent)
        {
            var rows = new LossRows<T> { Outputs = fAt, Targets = yAt, Factors = factorsAt, Rows = 1, Columns = columns };
            var passes = LossPasses<T>.For(loss);
            passes.Evaluate(rows, p, d, &lossValue);
            passes.EvaluateTangent(rows, p, tangentAt, dTangent, yTangent, &lossTangent);
        }
        return (lossValue, Widen(delta), Widen(deltaTangent), Widen(targetTangent), lossTangent);
    }

    private static T[] Narrow(double[] values) => [.. values.Select(T.CreateTruncating)];

    private static double[] Widen(T[] values) => [.. values.Select(double.CreateTruncating)];
}
