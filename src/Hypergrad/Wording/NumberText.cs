using System.Globalization;
using System.Numerics;

namespace Hypergrad.Wording;

/// <summary>
/// Numbers as they are written in files and options everywhere: digits, at most one decimal point, an exponent; no thousands, no decimal
/// comma, whatever the language of the machine.
/// </summary>
internal static class NumberText
{
    private const NumberStyles Signed = NumberStyles.AllowLeadingSign;
    private const NumberStyles Real = Signed | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads a finite number: 0.25, -1e-6, 10.</summary>
    public static bool TryReal(string text, out double value) =>
        double.TryParse(text, Real, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    /// <summary>Reads a whole number that fits its type: 100, -1.</summary>
    public static bool TryWhole<T>(string text, out T value) where T : struct, IBinaryInteger<T> =>
        T.TryParse(text, Signed, CultureInfo.InvariantCulture, out value);

    /// <summary>How a number that was written with commas is written here: "write 0.25"; null where it is something else.</summary>
    public static string? Advice(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > 40 || !text.Contains(','))
            return null;
        string point = text.Replace(',', '.'), joined = text.Replace(",", "", StringComparison.Ordinal);
        bool isDecimal = TryReal(point, out _), isGrouped = IsGrouped(text) && TryReal(joined, out _);
        return (isDecimal, isGrouped) switch
        {
            (true, true) => $"write {joined} without a separator, or {point} if the comma is a decimal one",
            (true, false) => $"decimals are written with a point, not a comma: write {point}",
            (false, true) => $"write {joined} without separators",
            _ => null,
        };
    }

    // Groups of three digits after the first one: 1,000 and 12,345,678.9, but not 0,05 and not 0,125.
    private static bool IsGrouped(string text)
    {
        string[] groups = text.TrimStart('-', '+').Split('.')[0].Split(',');
        return groups[0].Length is >= 1 and <= 3 && groups[0][0] != '0' && groups.Skip(1).All(group => group.Length == 3);
    }
}
