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
