using Hypergrad.Hyperparameters;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>Asserts that arrays agree, relative to their largest entry.</summary>
internal static class Close
{
    /// <summary>Every single raw part.</summary>
    public static RawParts[] Parts { get; } = [.. Enum.GetValues<RawParts>().Where(part => int.PopCount((int)part) == 1)];

    public static void Assert(double[]? actual, double[]? expected, double tolerance, string name)
    {
        NUnit.Framework.Assert.That(actual, Is.Not.Null, name);
        NUnit.Framework.Assert.That(actual, Has.Length.EqualTo(expected!.Length), name);
        double scale = expected.Max(Math.Abs), error = expected.Zip(actual!, (e, a) => Math.Abs(e - a)).Max();
        NUnit.Framework.Assert.That(
            error, Is.LessThanOrEqualTo(tolerance * scale), $"{name}: largest error {error:G3}, largest entry {scale:G3}, relative {error / scale:G3}");
    }

    /// <summary>Every part of a gradient.</summary>
    public static void Assert(RawGradient actual, RawGradient expected, double tolerance)
    {
        using (NUnit.Framework.Assert.EnterMultipleScope())
            foreach (var part in Parts)
                Assert(actual[part], expected[part], tolerance, part.ToString());
    }

    /// <summary>Every part of a gradient, bit for bit.</summary>
    public static void AssertSame(RawGradient actual, RawGradient expected)
    {
        using (NUnit.Framework.Assert.EnterMultipleScope())
            foreach (var part in Parts)
                NUnit.Framework.Assert.That(actual[part], Is.EqualTo(expected[part]), part.ToString());
    }
}
