using Hypergrad.Hyperparameters;

namespace Hypergrad.Tests;

/// <summary>Asserts that numbers agree, by the one comparison there is (<see cref="Disagreement"/>).</summary>
internal static class Close
{
    /// <summary>Within a tolerance relative to the largest expected entry.</summary>
    public static void Assert(IReadOnlyList<double>? actual, IReadOnlyList<double>? expected, double tolerance, string name)
    {
        double scale = (expected ?? []).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        AssertWithin(actual, expected, tolerance * scale, name);
    }

    /// <summary>One number, within a relative tolerance.</summary>
    public static void Assert(double actual, double expected, double tolerance, string name) =>
        Assert([actual], [expected], tolerance, name);

    /// <summary>Every entry within the same distance.</summary>
    public static void AssertWithin(IReadOnlyList<double>? actual, IReadOnlyList<double>? expected, double distance, string name) =>
        AssertWithin(actual, expected, _ => distance, name);

    /// <summary>Every entry within a distance of its own.</summary>
    public static void AssertWithin(
        IReadOnlyList<double>? actual, IReadOnlyList<double>? expected, Func<int, double> distance, string name) =>
        AssertNone(Disagreement.Between(actual, expected, distance), name);

    /// <summary>Every part of a gradient that is in either, relative to its largest expected entry.</summary>
    public static void Assert(RawGradient actual, RawGradient expected, double tolerance)
    {
        var present = Present(actual, expected);
        using (NUnit.Framework.Assert.EnterMultipleScope())
            foreach (var quantity in present)
                Assert(actual[quantity], expected[quantity], tolerance, quantity.Name);
    }

    /// <summary>Bit for bit.</summary>
    public static void AssertSame(IReadOnlyList<double>? actual, IReadOnlyList<double>? expected, string name) =>
        AssertNone(Disagreement.InBits(actual, expected), name);

    /// <summary>Every part of a gradient, bit for bit; a part that is in neither is no disagreement.</summary>
    public static void AssertSame(RawGradient actual, RawGradient expected)
    {
        var present = Present(actual, expected);
        using (NUnit.Framework.Assert.EnterMultipleScope())
            foreach (var quantity in present)
                AssertSame(actual[quantity], expected[quantity], quantity.Name);
    }

    private static Quantity[] Present(RawGradient actual, RawGradient expected)
    {
        Quantity[] present = [.. Quantity.All.Where(quantity => actual[quantity] is not null || expected[quantity] is not null)];
        NUnit.Framework.Assert.That(present, Is.Not.Empty, "parts of the gradients");
        return present;
    }

    private static void AssertNone(string? disagreement, string name)
    {
        if (disagreement is not null)
            NUnit.Framework.Assert.Fail($"{name}: {disagreement}");
    }
}
