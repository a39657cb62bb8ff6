using System.Globalization;
using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>
/// Takes the entries of one column one after the other, and finds out whether they are numbers or text: as the first one that is not
/// missing is.
/// </summary>
internal sealed class RawColumnBuilder(ColumnLayout layout, int column, bool isTarget, NumberFormat format, bool isDouble)
{
    // As many as single precision counts.
    private const int MostTexts = 1 << 24;

    private static readonly string[] Markers = ["", "NA", "N/A", "NaN", "null", "?"];

    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly List<string> texts = [];
    private readonly List<long> firstRows = [];
    private DataException? firstMissing, firstText;
    private bool? isText = isTarget || layout.IsCategory(column) ? true : null;
    private int missing, numbersAmongTexts;

    /// <summary>The field of the file's rows that is taken.</summary>
    public int Field => column;

    /// <summary>Makes the column one of numbers.</summary>
    public RawColumnBuilder OfNumbers()
    {
        isText = false;
        return this;
    }

    /// <summary>Takes an entry that is written out.</summary>
    /// <returns>What stands for it in the table: see <see cref="RawTable.this"/>.</returns>
    /// <exception cref="DataException">It is text among numbers, or no finite number.</exception>
    public double Add(ReadOnlySpan<char> entry, IRowPosition position)
    {
        entry = entry.Trim(' ');
        if (IsMissing(entry))
            return AddMissing(entry, position);
        bool isNumber = format.TryParse(entry, out double value);
        isText ??= !isNumber && !format.IsOtherNumber(entry);
        if (isText == true)
            return Place(isTarget && isNumber ? Plain(entry, value) : entry.ToString(), isNumber, position);
        if (!isNumber || !double.IsFinite(isDouble ? value : (float)value))
            throw position.Error(column, $"{layout.NameOf(column)} {format.Complaint(entry.ToString())}"
                + (isNumber || format.IsOtherNumber(entry) ? "" : Remedy()));
        return value;
    }

    /// <summary>Takes an entry that is a number already.</summary>
    /// <inheritdoc cref="Add(ReadOnlySpan{char}, IRowPosition)"/>
    public double Add(double value, IRowPosition position)
    {
        if (double.IsNaN(value))
            return AddMissing("NaN", position);
        if (isText == true)
            return Place(value.ToString("R", CultureInfo.InvariantCulture), isNumber: true, position);
        isText = false;
        return double.IsFinite(isDouble ? value : (float)value)
            ? value
            : throw position.Error(
                column, $"{layout.NameOf(column)} {format.Complaint(value.ToString("R", CultureInfo.InvariantCulture))}");
    }

    /// <summary>Takes an entry that is missing.</summary>
    public double AddMissing(ReadOnlySpan<char> entry, IRowPosition position)
    {
        missing++;
        firstMissing ??= position.Error(column, $"{layout.NameOf(column)} "
            + (entry.Length == 0 ? "is empty" : $"holds {Quoted.Of(entry.ToString())}"));
        return double.NaN;
    }

    /// <summary>The column, once all rows were taken.</summary>
    /// <exception cref="DataException">It is text in its first rows, and numbers in most.</exception>
    public RawColumn Finish()
    {
        if (!isTarget && !layout.IsCategory(column) && isText == true && 2 * numbersAmongTexts >= texts.Count)
            throw firstText!;
        return new(layout.UniqueName(column), isText == true ? texts : null, missing)
        {
            FirstMissing = firstMissing,
            FirstRows = firstRows,
            IsChosenCategory = layout.IsCategory(column),
        };
    }

    private static bool IsMissing(ReadOnlySpan<char> entry)
    {
        if (entry.Length > 4)
            return false;
        foreach (string marker in Markers)
            if (entry.Equals(marker, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    private double Place(ReadOnlySpan<char> text, bool isNumber, IRowPosition position)
    {
        var lookup = places.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out int place))
            return place;
        if (!isNumber)
            firstText ??= position.Error(column, $"{layout.NameOf(column)} holds {Quoted.Of(text.ToString())}, which is not a number."
                + Remedy());
        if (texts.Count == MostTexts)
            throw position.Error(column, $"{layout.NameOf(column)} holds more than {MostTexts} different entries; is it a number to be "
                + "met, --task regression?");
        numbersAmongTexts += isNumber ? 1 : 0;
        lookup[text] = texts.Count;
        texts.Add(text.ToString());
        if (!isTarget)
            firstRows.Add(position.Number);
        return texts.Count - 1;
    }

    // Targets that are written in a format of their own are kept as the library writes numbers.
    private string Plain(ReadOnlySpan<char> entry, double value) =>
        format == NumberFormat.Plain ? entry.ToString() : value.ToString("R", CultureInfo.InvariantCulture);

    private string Remedy() => isTarget ? "" : $" If the column is a category, say so with --categories {layout.OptionFor(column)}; to "
        + $"leave it out, write --ignore-columns {layout.OptionFor(column)}.";
}
