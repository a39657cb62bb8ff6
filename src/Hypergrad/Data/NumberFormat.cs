using System.Globalization;
using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>How the numbers of a file are written: with which decimal separator, and whether thousands are separated.</summary>
/// <param name="DecimalComma">Whether decimals follow a comma.</param>
/// <param name="Thousands">Whether groups of three digits are separated, by a comma or, beside a decimal comma, a point.</param>
internal sealed record NumberFormat(bool DecimalComma, bool Thousands)
{
    // Longer than any number that a person or a program writes with separators.
    private const int Longest = 400;

    /// <summary>Digits with a decimal point, as the whole library writes them.</summary>
    public static NumberFormat Plain { get; } = new(false, false);

    private char Decimal => DecimalComma ? ',' : '.';

    private char Group => DecimalComma ? '.' : ',';

    /// <summary>Reads a number; NaN and infinities are numbers.</summary>
    public bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        text = text.Trim(' ');
        if (this == Plain || text.Length > Longest || !text.ContainsAny(',', '.'))
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        value = 0;
        Span<char> plain = stackalloc char[text.Length];
        return TryRewrite(text, plain, out int length)
            && double.TryParse(plain[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>What is wrong with a text that is no finite number of this format, after the name of its column: a sentence.</summary>
    public string Complaint(string text)
    {
        if (text.Length == 0)
            return "is empty; every example needs all its numbers.";
        string quoted = Quoted.Of(text);
        if (!TryParse(text, out double value))
            return Advice(text) is { } advice ? $"holds {quoted}: {advice}" : $"holds {quoted}, which is not a number.";
        return double.IsFinite(value)
            ? $"holds {quoted}, which is too large for single precision."
            : $"holds {quoted}; every number must be finite.";
    }

    /// <summary>Whether a text is a number with separators that this format has not.</summary>
    public bool IsOtherNumber(ReadOnlySpan<char> text) =>
        this == Plain && text.Length <= Longest && text.Contains(',') && NumberText.Advice(text.ToString()) is not null;

    // How to write the number, and how to have it read as it is.
    private string? Advice(string text)
    {
        if (this != Plain || NumberText.Advice(text) is not { } advice)
            return null;
        bool isGrouped = new NumberFormat(false, true).TryParse(text, out _);
        bool isDecimal = new NumberFormat(true, false).TryParse(text, out _);
        return $"{advice}." + (isGrouped ? " Or let --thousands read thousands with separators." : "")
            + (isDecimal ? " Or let --decimal-comma read decimal commas." : "");
    }

    // The number with a decimal point and nothing between its digits; false where a separator stands in the wrong place.
    private bool TryRewrite(ReadOnlySpan<char> text, Span<char> plain, out int length)
    {
        length = 0;
        int point = text.IndexOf(Decimal);
        var whole = point < 0 ? text : text[..point];
        if (point >= 0 && text[(point + 1)..].ContainsAny(Decimal, Group))
            return false;
        bool isGrouped = whole.Contains(Group);
        if (isGrouped && !(Thousands && AreGroupsOfThree(whole.TrimStart("+-"))))
            return false;
        foreach (char letter in text)
            if (letter != Group)
                plain[length++] = letter == Decimal ? '.' : letter;
        return true;
    }

    private bool ContainsDigitsAndGroups(ReadOnlySpan<char> whole)
    {
        foreach (char letter in whole)
            if (!char.IsAsciiDigit(letter) && letter != Group)
                return false;
        return true;
    }

    private bool AreGroupsOfThree(ReadOnlySpan<char> whole)
    {
        int first = whole.IndexOf(Group);
        if (first is < 1 or > 3 || !ContainsDigitsAndGroups(whole))
            return false;
        for (whole = whole[first..]; whole.Length > 0; whole = whole[4..])
            if (whole.Length < 4 || whole[0] != Group || whole[1..4].Contains(Group) || whole.Length > 4 && whole[4] != Group)
                return false;
        return true;
    }
}
