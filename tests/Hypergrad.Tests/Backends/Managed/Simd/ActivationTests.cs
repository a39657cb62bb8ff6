using System.Numerics;
using Hypergrad.Backends.Managed.Simd.Activations;
using Hypergrad.Networks;
using Hypergrad.Tests.Hypergradients.Reference;

namespace Hypergrad.Tests.Backends.Managed.Simd;

/// <summary>Values and derivatives against scalar formulas, from 0 to the largest numbers there are.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public sealed unsafe class ActivationTests<T> where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private static readonly double Unit = double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    // An odd count, so that the end of the arrays goes its own way.
    private static readonly T[] Points =
    [
        .. Enumerable.Range(-1500, 3001).Select(i => T.CreateTruncating(i * 0.0201)),
        .. new[] { 1e-30, 1e-7, 88.7, 104, 710, 746, 1e4, 1e10, 1e19, 1e30, 3e38 }.SelectMany(
            z => (T[])[T.CreateTruncating(z), T.CreateTruncating(-z)]),
        T.NegativeZero, T.MaxValue, T.MinValue,
    ];

    [Test]
    public void Value_MeetsItsDefinition([Values] Activation activation)
    {
        var values = new T[Points.Length];
        fixed (T* z = Points, a = values)
            ActivationPasses<T>.For(activation).Forward(z, a, Points.Length);
        // Gelu multiplies z by 1 + erf, which cancels below 0; the others lose nothing anywhere.
        AssertNear(values, z => ScalarFunctions.Value(activation, z), z =>
            activation == Activation.Gelu ? 4 * Math.Min(Math.Abs(z), 8) : 0);
    }

    [Test]
    public void Derivative_MeetsItsDefinition([Values] Activation activation)
    {
        var (values, derivatives) = (new T[Points.Length], new T[Points.Length]);
        var ones = Enumerable.Repeat(T.One, Points.Length).ToArray();
        var passes = ActivationPasses<T>.For(activation);
        fixed (T* z = Points, a = values, upstream = ones, delta = derivatives)
        {
            passes.Forward(z, a, Points.Length);
            passes.Backward(z, a, upstream, delta, Points.Length);
            AssertNear(derivatives, at => ScalarFunctions.Derivative(activation, at), _ => 4);
            passes.TangentForward(z, a, upstream, delta, Points.Length);
            AssertNear(derivatives, at => ScalarFunctions.Derivative(activation, at), _ => 4);
        }
    }

    [Test]
    public void SecondDerivative_MeetsItsDefinition([Values] Activation activation)
    {
        var (values, tangents) = (new T[Points.Length], new T[Points.Length]);
        var ones = Enumerable.Repeat(T.One, Points.Length).ToArray();
        var passes = ActivationPasses<T>.For(activation);
        fixed (T* z = Points, a = values, upstream = ones, tangent = tangents)
        {
            passes.Forward(z, a, Points.Length);
            passes.TangentBackward(z, a, upstream, upstream, tangent, Points.Length);
            AssertNear(tangents, at => ScalarFunctions.SecondDerivative(activation, at), _ => 8);
        }
    }

    [Test]
    public void TangentBackward_AddsBothTerms([Values] Activation activation)
    {
        T[] points = [T.CreateTruncating(0.3), T.CreateTruncating(-0.7), T.CreateTruncating(1.1)];
        var (values, tangents) = (new T[3], new[] { T.CreateTruncating(5), T.CreateTruncating(6), T.CreateTruncating(7) });
        var passes = ActivationPasses<T>.For(activation);
        T[] upstreams = [T.CreateTruncating(2), T.CreateTruncating(3), T.CreateTruncating(-4)];
        T[] inputTangents = [T.CreateTruncating(-1), T.CreateTruncating(0.5), T.CreateTruncating(2)];
        fixed (T* z = points, a = values, upstream = upstreams, inputTangent = inputTangents, tangent = tangents)
        {
            passes.Forward(z, a, 3);
            passes.TangentBackward(z, a, upstream, inputTangent, tangent, 3);
        }
        for (int i = 0; i < 3; i++)
        {
            double at = double.CreateTruncating(points[i]);
            double expected = ScalarFunctions.Derivative(activation, at) * (5 + i) + ScalarFunctions.SecondDerivative(activation, at)
                * double.CreateTruncating(upstreams[i]) * double.CreateTruncating(inputTangents[i]);
            Assert.That(double.CreateTruncating(tangents[i]), Is.EqualTo(expected).Within(40 * Unit));
        }
    }

    [Test]
    public void PassesTogether_AreThoseOneByOne([Values] Activation activation)
    {
        var passes = ActivationPasses<T>.For(activation);
        T[] e = Numbers(3), turn = Numbers(5), along = Numbers(7), values = new T[Points.Length], tangents = [.. values], deltas = [.. values];
        T[] z = [.. Points], a = [.. values], tangent = [.. values], delta = [.. e], turned = [.. turn], deltaTangent = [.. along];
        fixed (T* points = Points, value = values, upstream = e, inputTangent = turn, ofValue = tangents, ofSum = deltas, ofDelta = along)
        {
            passes.Forward(points, value, Points.Length);
            passes.TangentForward(points, value, inputTangent, ofValue, Points.Length);
            passes.Backward(points, value, upstream, ofSum, Points.Length);
            if (passes.IsPiecewiseLinear)
                passes.Backward(points, value, ofDelta, ofDelta, Points.Length);
            else
                passes.TangentBackward(points, value, upstream, inputTangent, ofDelta, Points.Length);
        }
        fixed (T* points = z, value = a, upstream = delta, inputTangent = turned, ofValue = tangent, ofDelta = deltaTangent)
        {
            passes.ForwardWithTangent(points, value, inputTangent, ofValue, Points.Length);
            passes.BackwardWithTangent(points, value, upstream, inputTangent, ofDelta, Points.Length);
        }
        Assert.That(a, Is.EqualTo(values));
        Assert.That(tangent, Is.EqualTo(tangents));
        Assert.That(delta, Is.EqualTo(deltas));
        Assert.That(deltaTangent, Is.EqualTo(along));
        z = [.. Points];
        T[] slopes = [.. values];
        var ones = Enumerable.Repeat(T.One, Points.Length).ToArray();
        fixed (T* points = Points, slopesOf = z, value = a, one = ones, slope = slopes)
        {
            passes.ForwardWithSlope(slopesOf, value, Points.Length);
            passes.Backward(points, value, one, slope, Points.Length);
        }
        Assert.That(a, Is.EqualTo(values));
        Assert.That(z, Is.EqualTo(slopes));

        static T[] Numbers(int step) => [.. Enumerable.Range(0, Points.Length).Select(i => T.CreateTruncating(0.37 * (i * step % 11 - 5)))];
    }

    [Test]
    public void Value_OfNotANumber_IsNotANumber([Values] Activation activation)
    {
        T[] points = [T.NaN, T.One];
        var values = new T[2];
        fixed (T* z = points, a = values)
            ActivationPasses<T>.For(activation).Forward(z, a, 2);
        Assert.That(values.Select(T.IsNaN), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void For_AnActivationThatIsNotThere_IsRefused() => Assert.That(
        () => ActivationPasses<T>.For((Activation)17),
        Throws.TypeOf<ConfigurationException>().With.Message.EqualTo("There is no activation 17."));

    private static void AssertNear(T[] actual, Func<double, double> expected, Func<double, double> units)
    {
        double[] z = [.. Points.Select(double.CreateTruncating)], wanted = [.. z.Select(expected)];
        // What is too small for T to hold in full counts as 0.
        double tiny = typeof(T) == typeof(float) ? 2e-38 : 4e-308;
        Close.AssertWithin(
            [.. actual.Select(double.CreateTruncating)], wanted, i => Unit * (6 * Math.Abs(wanted[i]) + units(z[i])) + tiny, "at the points");
    }
}
