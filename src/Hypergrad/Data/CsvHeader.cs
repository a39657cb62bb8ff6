using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>Finds out whether the first line of a CSV file names the columns.</summary>
internal static class CsvHeader
{
    /// <summary>Refuses names where there are none.</summary>
    /// <exception cref="ConfigurationException">A column is given by name, and the file is said to have no header.</exception>
    public static void Check(string path, CsvOptions options)
    {
        if (ColumnLayout.NamesAny(options) && options.HasHeader == false)
            throw new ConfigurationException(
                $"{path}: a column is given by name, but the file is said to have no header; give its number.");
    }

    /// <summary>Whether it does: as the options say, or as it looks.</summary>
    /// <exception cref="DataException">There is no telling.</exception>
    public static bool Find(CsvOptions options, CsvRecords records, ColumnLayout layout, NumberFormat format)
    {
        if (options.HasHeader is { } said)
            return said;
        var first = records.Ahead(2);
        return ColumnLayout.NamesAny(options)
            || LooksLikeHeader(records.Path, first[0].Fields, first.Count > 1 ? first[1].Fields : [], layout, format);
    }

    private static bool LooksLikeHeader(string path, string[] first, string[] second, ColumnLayout layout, NumberFormat format)
    {
        string[] inputs = [.. layout.Inputs.Select(column => first[column])];
        int numbers = inputs.Count(IsNumber);
        if (numbers == 0)
            return true;
        bool isAlike = second.Length == first.Length
            && layout.Inputs.All(column => second[column].Length == 0 || IsNumber(first[column]) == IsNumber(second[column]));
        if (numbers < inputs.Length)
            return isAlike ? false : throw new DataException($"{path}:1: the first line may be names or data: "
                + $"{Quoted.Of(inputs.First(field => !IsNumber(field)))} is not a number, but {Quoted.Of(inputs.First(IsNumber))} is. "
                + "Mend it, or say whether there is a header.");
        return second.Length == first.Length && layout.Targets.Any(column => !IsNumber(first[column]) && IsNumber(second[column]));

        bool IsNumber(string text) => format.TryParse(text, out _);
    }
}
