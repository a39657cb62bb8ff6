namespace Hypergrad.Tests;

/// <summary>
/// The one comparison of numbers in the tests. NaN agrees with nothing, NaN included; an infinity agrees with itself alone; arrays of
/// different lengths do not agree, nor do arrays of nothing, which show nothing.
/// </summary>
internal static class Disagreement
{
    /// <summary>What is wrong with an array, its worst entry named with both values; null where every entry is near enough.</summary>
    /// <param name="actual">What was found.</param>
    /// <param name="expected">What it should be.</param>
    /// <param name="distance">How far entry i may be from the expected one.</param>
    public static string? Between(IReadOnlyList<double>? actual, IReadOnlyList<double>? expected, Func<int, double> distance)
    {
        if (InShape(actual, expected) is { } trouble)
            return trouble;
        var errors = actual!.Zip(expected!, ErrorOf).ToArray();
        int[] wrong = [.. Enumerable.Range(0, errors.Length).Where(i => double.IsInfinity(errors[i]) || !(errors[i] <= distance(i)))];
        if (wrong.Length == 0)
            return null;
        int worst = wrong.MaxBy(i => errors[i] - distance(i));
        return $"{Entries(wrong.Length, errors.Length)}, entry {worst} worst: {actual![worst]:R} instead of {expected![worst]:R}, "
            + $"{errors[worst]:G3} away where {distance(worst):G3} is allowed.";
    }

    /// <summary>What is wrong with an array that should be the same to the bit; null where it is.</summary>
    public static string? InBits(IReadOnlyList<double>? actual, IReadOnlyList<double>? expected)
    {
        if (InShape(actual, expected) is { } trouble)
            return trouble;
        int[] wrong = [.. Enumerable.Range(0, actual!.Count).Where(i =>
            double.IsNaN(actual[i]) || BitConverter.DoubleToInt64Bits(actual[i]) != BitConverter.DoubleToInt64Bits(expected![i]))];
        if (wrong.Length == 0)
            return null;
        int worst = wrong.MaxBy(i => ErrorOf(actual[i], expected![i]));
        return $"{Entries(wrong.Length, actual.Count)} to the bit, entry {worst} worst: {actual[worst]:R} instead of {expected![worst]:R}.";
    }

    private static string? InShape(IReadOnlyList<double>? actual, IReadOnlyList<double>? expected) => (actual, expected) switch
    {
        (null, _) => "there is nothing to compare.",
        (_, null) => "there is nothing to compare with.",
        _ when actual.Count != expected.Count => $"{actual.Count} entries instead of {expected.Count}.",
        _ when expected.Count == 0 => "there are no entries, and comparing nothing shows nothing.",
        _ => null,
    };

    // NaN, whichever of the two it is in, is as far away as can be, and so is an infinity from all but itself.
    private static double ErrorOf(double actual, double expected) =>
        double.IsNaN(actual) || double.IsNaN(expected) ? double.PositiveInfinity
        : double.IsInfinity(actual) && actual == expected ? 0
        : Math.Abs(actual - expected);

    private static string Entries(int wrong, int count) => $"{wrong} of {count} entries {(wrong == 1 ? "is" : "are")} wrong";
}
