using System.Globalization;

namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>Writes the numbers of an axis: plain where they are short, as powers of ten where they are not.</summary>
internal static class TickLabel
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>A value of a linear axis, with as many decimals as its step needs.</summary>
    public static string Linear(double value, double step, double largest)
    {
        if (value == 0) return "0";
        int stepExponent = Exponent(step);
        if (largest < 1e6 && stepExponent >= -5)
            return Sign(value.ToString("F" + Math.Max(0, -stepExponent).ToString(Invariant), Invariant));
        int exponent = Exponent(value);
        double mantissa = value / Math.Pow(10, exponent);
        int digits = Math.Clamp(exponent - stepExponent, 0, 14);
        return Sign(mantissa.ToString("F" + digits.ToString(Invariant), Invariant)) + "×10" + Superscript(exponent);
    }

    /// <summary>factor × 10^exponent, a value of a logarithmic axis.</summary>
    public static string Power(double factor, int exponent)
    {
        if (exponent is >= -3 and <= 3) return (factor * Math.Pow(10, exponent)).ToString("0.###", Invariant);
        string power = "10" + Superscript(exponent);
        return factor == 1 ? power : factor.ToString("0", Invariant) + "×" + power;
    }

    private static int Exponent(double value) => (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-9);

    private static string Sign(string number) => number.Replace('-', '−');

    private static string Superscript(int exponent) =>
        string.Concat(exponent.ToString(Invariant).Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']));
}
