using System.Globalization;
using System.Text.RegularExpressions;
using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>Refuses columns that no network should learn from as they are: dates, numbers of rows, texts of which hardly one comes
/// twice.</summary>
internal static partial class InputColumnChecks
{
    private const int MostCategories = 100, MostChosenCategories = 10_000, FewRows = 10, LookedAt = 20;

    // Day and month are told apart by nobody here: either order makes a date.
    private static readonly string[] DateFormats =
    [
        "yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "d.M.yyyy", "d/M/yyyy", "M/d/yyyy", "d-M-yyyy", "d-MMM-yyyy", "d MMM yyyy", "MMM d yyyy",
        "MMM d, yyyy", "d.M.yy", "d/M/yy", "M/d/yy",
    ];

    /// <summary>Checks an input column.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">The column's place in it.</param>
    /// <param name="categories">Its categories among the rows that are used; null for numbers.</param>
    /// <param name="isChosen">Whether it was asked for by name as what it is.</param>
    /// <exception cref="DataException">It is one of these.</exception>
    public static void Require(RawTable table, int column, IReadOnlyList<string>? categories, bool isChosen)
    {
        string name = table.Columns[column].Name, place = $"{table.Path}: column {Quoted.Of(name)}";
        string leave = $"Leave it out with --ignore-columns {Quoted.Name(name)}";
        if (categories is null)
        {
            if (!isChosen && IsIdentifier().IsMatch(name) && NumbersTheRows(table, column))
                throw new DataException($"{place} numbers the rows, which tells nothing of a new one. {leave}; or keep it by naming the "
                    + "inputs with --columns.");
            return;
        }
        if (categories.Count > 0 && categories.Take(LookedAt).All(IsDate))
            throw new DataException($"{place} holds dates, such as {Quoted.Of(categories[0])}, and a network takes numbers. {leave}; or "
                + "write what matters of them into the file as numbers: the year, the month, the days since a day.");
        bool hardlyRepeats = table.Rows >= FewRows && categories.Count > 0.9 * (table.Rows - table.Columns[column].MissingCount);
        if (categories.Count > (isChosen ? MostChosenCategories : MostCategories) || hardlyRepeats && !isChosen)
            throw new DataException($"{place} has {categories.Count} different texts in {table.Rows} rows, such as "
                + $"{Quoted.Of(categories[0])}: too many to be categories. {leave}"
                + (categories.Count > MostChosenCategories ? "." : $"; or insist with --categories {Quoted.Name(name)}."));
    }

    private static bool IsDate(string text)
    {
        string day = text.Split('T', ' ')[0];
        return Exactly(text) || day.Length > 5 && Exactly(day);
    }

    private static bool Exactly(string text) =>
        DateOnly.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool NumbersTheRows(RawTable table, int column)
    {
        for (int row = 1; row < table.Rows; row++)
            if (table[row, column] != table[row - 1, column] + 1)
                return false;
        return table.Rows > 2;
    }

    // Of "id", "row_id", "PassengerId", "Id", "index", and "Unnamed: 0", as a column without a name is called.
    [GeneratedRegex(@"^(id|.*[_ -]id|.*[a-z]Id|.*[a-z]ID|ID|index|no\.?|row|Unnamed: \d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex IsIdentifier();
}
