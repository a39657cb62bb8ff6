using System.Globalization;
using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>
/// The labels of a target column. When all are numbers, classes are ordered as numbers and "1" and "1.0" are one class, named as it was
/// first written; otherwise they are ordered as text, letter by letter.
/// </summary>
/// <param name="path">The file, for errors.</param>
/// <param name="texts">The different labels, in the order of appearance.</param>
/// <param name="examples">How many examples have one.</param>
internal sealed class ClassLabels(string path, IReadOnlyList<string> texts, int examples)
{
    // More whole numbers than these are taken for codes of classes only where they leave no gap.
    private const int MostScatteredCodes = 20;

    /// <summary>Whether the labels are numbers to be met rather than classes or their codes.</summary>
    public bool AreMeasurements
    {
        get
        {
            double?[] values = [.. texts.Select(Number).Distinct()];
            if (values.Length < 2 || values.Contains(null))
                return false;
            double least = values.Min()!.Value, greatest = values.Max()!.Value;
            bool areWhole = values.All(value => value == Math.Floor(value!.Value));
            bool leaveNoGap = least is 0 or 1 && greatest - least < values.Length;
            return !areWhole || !leaveNoGap && (values.Length > MostScatteredCodes || values.Length == examples);
        }
    }

    /// <summary>The names of the classes, in order.</summary>
    /// <exception cref="DataException">There is a single class, hardly any example shares its class with another, or a label is no
    /// class.</exception>
    public IReadOnlyList<string> Names()
    {
        if (texts.FirstOrDefault(text => Number(text) is { } value && !double.IsFinite(value)) is { } infinite)
            throw new DataException($"{path}: the target holds {Quoted.Of(infinite)}, which is no class.");
        bool areNumbers = texts.All(text => Number(text) is not null);
        string[] names = areNumbers
            ? [.. texts.GroupBy(text => Number(text)!.Value).OrderBy(spellings => spellings.Key).Select(spellings => spellings.First())]
            : [.. texts.Order(StringComparer.Ordinal)];
        if (names.Length == 1)
            throw new DataException($"{path}: every label is {Quoted.Of(texts[0])}: a single class leaves nothing to learn. "
                + "Is this the target column?");
        if (names.Length > 1000 && names.Length > examples / 2)
            throw new DataException($"{path}: {names.Length} different labels on {examples} lines: is this a regression?");
        return names;
    }

    /// <summary>The class of each label: its place among the names.</summary>
    /// <exception cref="DataException">A label is none of the names.</exception>
    public int[] Places(IReadOnlyList<string> names)
    {
        var byText = names.Index().ToDictionary(name => name.Item, name => name.Index, StringComparer.Ordinal);
        var byNumber = names.Index().Where(name => Number(name.Item) is not null)
            .DistinctBy(name => Number(name.Item)!.Value).ToDictionary(name => Number(name.Item)!.Value, name => name.Index);
        bool areNumbers = names.All(name => Number(name) is not null);
        return [.. texts.Select(text => byText.TryGetValue(text, out int place)
            || areNumbers && Number(text) is { } value && byNumber.TryGetValue(value, out place) ? place : throw Unknown(text, names))];
    }

    /// <summary>The labels as numbers, where they are measurements.</summary>
    /// <exception cref="DataException">One is not a finite number.</exception>
    public double[] Numbers() => [.. texts.Select(text => Number(text) is { } value && double.IsFinite(value)
        ? value : throw new DataException($"{path}: the target holds {Quoted.Of(text)}, which is not a finite number."))];

    private DataException Unknown(string text, IReadOnlyList<string> names) =>
        new($"{path}: the class {Quoted.Of(text)} is none of those that were learned: {Quoted.List([.. names])}. Mend it, or learn from "
            + "data that has it.");

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
}
