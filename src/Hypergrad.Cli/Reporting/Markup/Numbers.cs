using System.Globalization;

namespace Hypergrad.Cli.Reporting.Markup;

/// <summary>Numbers as the page writes them, the same in every culture.</summary>
internal static class Numbers
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>A length of a drawing, to a tenth of a pixel.</summary>
    public static string Coordinate(double value) => value.ToString("0.#", Invariant);

    /// <summary>Four significant digits, with a power of ten where the number is very large or very small.</summary>
    public static string Significant(double value)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "∞" : "-∞";
        double magnitude = Math.Abs(value);
        if (magnitude == 0) return "0";
        if (magnitude is < 1e-4 or >= 1e6) return value.ToString("0.###e+0", Invariant).Replace("e+", "e", StringComparison.Ordinal);
        return magnitude >= 1e3 ? value.ToString("0", Invariant) : value.ToString("G4", Invariant);
    }

    /// <summary>The number of decimals that show two significant digits of a positive number.</summary>
    private static int DecimalsOfTwoDigits(double value) => Math.Clamp(1 - (int)Math.Floor(Math.Log10(value)), 0, 12);

    /// <summary>A number rounded to what its standard error allows, followed by that error.</summary>
    public static string WithError(Measurement measurement) =>
        ErrorOf(measurement) is { } error ? $"{Rounded(measurement)} ± {error}" : Rounded(measurement);

    /// <summary>The number alone, rounded to what its standard error allows.</summary>
    public static string Rounded(Measurement measurement)
    {
        var (value, error) = measurement;
        if (error is not { } e || !double.IsFinite(e) || e <= 0 || e < 1e-6 || Math.Abs(value) >= 1e6 || !double.IsFinite(value))
            return Significant(value);
        return value.ToString("F" + DecimalsOfTwoDigits(e).ToString(Invariant), Invariant);
    }

    /// <summary>The standard error to two digits; null when there is none.</summary>
    public static string? ErrorOf(Measurement measurement)
    {
        if (measurement.StandardError is not { } error || !double.IsFinite(error)) return null;
        if (error is < 1e-6 or >= 1e6) return Significant(error);
        return error.ToString("F" + DecimalsOfTwoDigits(error).ToString(Invariant), Invariant);
    }

    /// <summary>
    /// The change from one number to another in per cent, or as a factor when it is more than tenfold; null when that has no meaning.
    /// </summary>
    public static string? Change(double before, double after)
    {
        if (!double.IsFinite(before) || !double.IsFinite(after) || before <= 0 || after < 0) return null;
        double ratio = after / before;
        if (ratio > 10) return "×" + Significant(ratio);
        double percent = (ratio - 1) * 100;
        string digits = Math.Abs(percent).ToString(Math.Abs(percent) >= 9.95 ? "0" : "0.0", Invariant);
        return (percent < 0 ? "−" : "+") + digits + " %";
    }

    public static string Grouped(long value) => value.ToString("N0", Invariant);

    public static string Integer(long value) => value.ToString(Invariant);
}
