using Hypergrad.Hyperparameters;
using NUnit.Framework.Internal;

namespace Hypergrad.Tests;

/// <summary>The comparison that the other tests rely on can fail.</summary>
[TestFixture]
public sealed class CloseTests
{
    private const double NaN = double.NaN, Infinity = double.PositiveInfinity;

    private static readonly double[] Some = [1, -2, 3];

    [TestCase(new[] { 1, NaN, 3 }, new[] { 1.0, -2, 3 },
        "1 of 3 entries is wrong, entry 1 worst: NaN instead of -2, ∞ away where 1 is allowed.")]
    [TestCase(new[] { 1.0, -2, 3 }, new[] { 1, -2, NaN },
        "1 of 3 entries is wrong, entry 2 worst: 3 instead of NaN, ∞ away where 1 is allowed.")]
    [TestCase(new[] { NaN, NaN }, new[] { NaN, NaN },
        "2 of 2 entries are wrong, entry 0 worst: NaN instead of NaN, ∞ away where 1 is allowed.")]
    [TestCase(new[] { Infinity, 2 }, new[] { 1.0, 2 },
        "1 of 2 entries is wrong, entry 0 worst: ∞ instead of 1, ∞ away where 1 is allowed.")]
    [TestCase(new[] { 1.0, 2 }, new[] { 1, Infinity },
        "1 of 2 entries is wrong, entry 1 worst: 2 instead of ∞, ∞ away where 1 is allowed.")]
    [TestCase(new[] { -Infinity }, new[] { Infinity },
        "1 of 1 entries is wrong, entry 0 worst: -∞ instead of ∞, ∞ away where 1 is allowed.")]
    [TestCase(new[] { 3.0, 0, 9 }, new[] { 1.0, 0, 4 },
        "2 of 3 entries are wrong, entry 2 worst: 9 instead of 4, 5 away where 1 is allowed.")]
    [TestCase(new[] { 1.0, 2 }, new[] { 1.0 }, "2 entries instead of 1.")]
    [TestCase(new[] { 1.0 }, new[] { 1.0, 2 }, "1 entries instead of 2.")]
    [TestCase(new double[0], new double[0], "there are no entries, and comparing nothing shows nothing.")]
    [TestCase(null, new[] { 1.0 }, "there is nothing to compare.")]
    [TestCase(new[] { 1.0 }, null, "there is nothing to compare with.")]
    public void WhatIsWrong_IsNamed(double[]? actual, double[]? expected, string disagreement) =>
        Assert.That(Disagreement.Between(actual, expected, _ => 1)?.Replace("Infinity", "∞", StringComparison.Ordinal),
            Is.EqualTo(disagreement));

    [Test]
    public void WhatIsNearEnough_Agrees()
    {
        Assert.That(Disagreement.Between([1, -2, 3.5], Some, _ => 0.5), Is.Null);
        Assert.That(Disagreement.Between([Infinity, -Infinity, 0], [Infinity, -Infinity, -0.0], _ => 0), Is.Null);
    }

    [Test]
    public void Distance_IsOfEachEntry() => Assert.That(
        Disagreement.Between([2, 0, 3], Some, i => i == 0 ? 1 : 2 - i),
            Does.StartWith("1 of 3 entries is wrong, entry 1 worst: 0 instead of -2"));

    [TestCase(NaN)]
    [TestCase(-1)]
    public void NonsensicalDistance_AdmitsNothing(double distance) =>
        Assert.That(Disagreement.Between(Some, Some, _ => distance), Does.StartWith("3 of 3 entries are wrong"));

    [Test]
    public void InfiniteDistance_DoesNotAdmitWhatIsNotANumber() =>
        Assert.That(Disagreement.Between([1, NaN, 3], Some, _ => Infinity), Does.StartWith("1 of 3 entries is wrong, entry 1 worst: NaN"));

    [TestCase(new[] { 1, NaN }, new[] { 1, NaN }, "1 of 2 entries is wrong to the bit, entry 1 worst: NaN instead of NaN.")]
    [TestCase(new[] { 1, 0.0 }, new[] { 1, -0.0 }, "1 of 2 entries is wrong to the bit, entry 1 worst: 0 instead of -0.")]
    [TestCase(new[] { 1, 2 + 4e-16, 4 }, new[] { 1.0, 2, 3 }, "2 of 3 entries are wrong to the bit, entry 2 worst: 4 instead of 3.")]
    [TestCase(new[] { 1.0 }, new[] { 1.0, 2 }, "1 entries instead of 2.")]
    [TestCase(new double[0], new double[0], "there are no entries, and comparing nothing shows nothing.")]
    [TestCase(new[] { Infinity, 0.1 }, new[] { Infinity, 0.1 }, null)]
    public void Bits(double[] actual, double[] expected, string? disagreement) =>
        Assert.That(Disagreement.InBits(actual, expected), Is.EqualTo(disagreement));

    // Every assertion passes what is right and throws for what is not.
    private static IEnumerable<TestCaseData> Assertions()
    {
        static TestCaseData Case(string name, Action<double[]> assertion) => new TestCaseData(assertion).SetArgDisplayNames(name);
        yield return Case("relative", found => Close.Assert(found, Some, 1e-3, "numbers"));
        yield return Case("one number", found => Close.Assert(found[1], Some[1], 1e-3, "numbers"));
        yield return Case("distance", found => Close.AssertWithin(found, Some, 1e-3, "numbers"));
        yield return Case("own distances", found => Close.AssertWithin(found, Some, _ => 1e-3, "numbers"));
        yield return Case("bits", found => Close.AssertSame(found, Some, "numbers"));
        yield return Case("gradient", found => Close.Assert(RawGradient.Create(_ => found), RawGradient.Create(_ => Some), 1e-3));
        yield return Case("bits of a gradient", found => Close.AssertSame(RawGradient.Create(_ => found), RawGradient.Create(_ => Some)));
    }

    [TestCaseSource(nameof(Assertions))]
    public void Assertion_CanFail(Action<double[]> assertion)
    {
        assertion([.. Some]);
        Assert.That(FailureOf(() => assertion([1, NaN, 3])),
            Does.Contain("entry 1 worst: NaN instead of -2").Or.Contain("entry 0 worst: NaN instead of -2"));
        Assert.That(FailureOf(() => assertion([1, -2.01, 3])), Does.Contain("worst: -2.01 instead of -2"));
    }

    [Test]
    public void PartThatIsMissing_IsWrong()
    {
        RawGradient whole = RawGradient.Create(_ => Some), part = RawGradient.Create(quantity => quantity == Quantity.L2 ? null : Some);
        Assert.That(FailureOf(() => Close.Assert(part, whole, 1e-3)), Does.Contain("L2 penalty: there is nothing to compare."));
        Assert.That(FailureOf(() => Close.AssertSame(part, whole)), Does.Contain("L2 penalty: there is nothing to compare."));
        Assert.That(FailureOf(() => Close.AssertSame(whole, part)), Does.Contain("L2 penalty: there is nothing to compare with."));
        var none = RawGradient.Create(_ => null);
        Assert.That(FailureOf(() => Close.Assert(none, none, 1e-3)), Does.Contain("parts of the gradients"));
        Assert.That(FailureOf(() => Close.AssertSame(none, none)), Does.Contain("parts of the gradients"));
    }

    // The failure stays out of this test's own result.
    private static string FailureOf(Action assertion)
    {
        using (new TestExecutionContext.IsolatedContext())
        {
            try
            {
                assertion();
            }
            catch (ResultStateException exception)
            {
                return exception.Message;
            }
        }
        return "It does not fail.";
    }
}
