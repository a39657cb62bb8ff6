using Hypergrad.Hyperparameters;

namespace Hypergrad.Tests.Hyperparameters;

[TestFixture]
public sealed class TransformTests
{
    private static IEnumerable<TestCaseData> Transforms()
    {
        yield return new TestCaseData(Transform.Identity, new[] { -2.0, 0, 5 }).SetArgDisplayNames("identity");
        yield return new TestCaseData(Transform.Log, new[] { 1e-6, 1, 30 }).SetArgDisplayNames("log");
        yield return new TestCaseData(Transform.Logit, new[] { 1e-6, 0.5, 0.97 }).SetArgDisplayNames("logit");
        yield return new TestCaseData(Transform.Softmax(3), new[] { 0.2, 0.7, 0.1, 0.01, 0.01, 0.98 }).SetArgDisplayNames("softmax");
        yield return new TestCaseData(Transform.Softmax(4, 4), new[] { 0.5, 2, 1.4, 0.1 }).SetArgDisplayNames("softmax of sum 4");
    }

    [TestCaseSource(nameof(Transforms))]
    public void Inverse_ThenForward_GivesTheValuesBack(Transform transform, double[] values)
    {
        var (coordinates, back) = (new double[values.Length], new double[values.Length]);
        transform.Inverse(values, coordinates);
        transform.Forward(coordinates, back);
        Close.AssertWithin(back, values, 1e-14, "values");
        Assert.That(values.All(transform.Accepts), Is.True);
    }

    [TestCaseSource(nameof(Transforms))]
    public void PullBack_IsTheSlopeOfForward(Transform transform, double[] values)
    {
        double[] along = [.. values.Select((_, i) => Math.Cos(i + 1))];
        var coordinates = new double[values.Length];
        transform.Inverse(values, coordinates);
        double At(int i, double shift)
        {
            double[] moved = [.. coordinates], result = new double[values.Length];
            moved[i] += shift;
            transform.Forward(moved, result);
            return result.Zip(along, (value, c) => value * c).Sum();
        }
        double[] slopes = [.. coordinates.Select((_, i) => (At(i, 1e-5) - At(i, -1e-5)) / 2e-5)];
        double[] gradient = [.. along];
        transform.PullBack(values, gradient);
        Close.AssertWithin(gradient, slopes, 1e-8, "slopes");
    }

    [Test]
    public void Accepts_WhatHasFiniteCoordinates()
    {
        Assert.That(new[] { 0, -1, double.NaN, double.PositiveInfinity }.Any(Transform.Log.Accepts), Is.False);
        Assert.That(new[] { 0, 1, -1, 2, double.NaN }.Any(Transform.Logit.Accepts), Is.False);
        Assert.That(new[] { double.NaN, double.NegativeInfinity }.Any(Transform.Identity.Accepts), Is.False);
        Assert.That(new[] { 0, -1, double.NaN }.Any(Transform.Softmax(2).Accepts), Is.False);
    }

    [Test]
    public void Softmax_OfFarCoordinates_IsFinite()
    {
        var values = new double[2];
        Transform.Softmax(2).Forward([1e4, -1e4], values);
        Assert.That(values, Is.EqualTo(new[] { 1.0, 0 }));
    }
}
