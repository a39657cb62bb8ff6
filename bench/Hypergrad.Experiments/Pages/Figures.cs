using System.Globalization;

namespace Hypergrad.Experiments.Pages;

/// <summary>Numbers as pages write them.</summary>
internal static class Figures
{
    /// <summary>Three significant digits, with a power of ten where the number is very large or very small.</summary>
    public static string Of(double value)
    {
        double magnitude = Math.Abs(value);
        string text = double.IsFinite(value) && magnitude != 0 && magnitude is < 1e-3 or >= 1e5
            ? value.ToString("0.##e+0", CultureInfo.InvariantCulture).Replace("e+", "e", StringComparison.Ordinal)
            : value.ToString(magnitude >= 100 ? "0" : "G3", CultureInfo.InvariantCulture);
        return text.Replace('-', '−');
    }

    /// <summary>A fraction in per cent, with one decimal.</summary>
    public static string Percent(double fraction) => (100 * fraction).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
