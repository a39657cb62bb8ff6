using System.Globalization;
using System.Numerics;
using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>
/// Collects the class labels of a CSV file. When all are numbers, classes are ordered as numbers and "1" and "1.0" are one class, named
/// as it was first written; otherwise they are ordered as text, letter by letter.
/// </summary>
internal sealed class CsvClasses
{
    // More whole numbers than these are taken for codes of classes only where they leave no gap.
    private const int MostScatteredCodes = 20;

    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly List<string> texts = [];
    private readonly List<double> examples = [];

    /// <summary>Adds the label of the next example.</summary>
    /// <exception cref="DataException">The field is empty, or not a finite number though it is one.</exception>
    public void Add(CsvRecords records, int field, CsvLayout layout)
    {
        string text = records.Text(field);
        if (!numbers.TryGetValue(text, out int number))
        {
            if (text.Length == 0)
                throw records.Error(field, $"{layout.NameOf(field)} is empty: the class is missing.");
            if (Number(text) is { } value && !double.IsFinite(value))
                throw records.Error(field, $"{layout.NameOf(field)} holds {Quoted.Of(text)}, which is no class: the class is missing.");
            numbers.Add(text, number = texts.Count);
            texts.Add(text);
        }
        examples.Add(number);
    }

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
            return !areWhole || !leaveNoGap && (values.Length > MostScatteredCodes || values.Length == examples.Count);
        }
    }

    /// <summary>The labels as numbers, where they are measurements.</summary>
    public Table ToTable<T>() where T : struct, IBinaryFloatingPointIeee754<T>
    {
        T[] values = [.. texts.Select(text => T.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture))];
        T[] all = [.. examples.Select(number => values[(int)number])];
        return all is float[] single ? new Table(single, 1, "target") : new Table((double[])(object)all, 1, "target");
    }

    /// <summary>The one-hot targets of all examples, and the names of the classes.</summary>
    /// <exception cref="DataException">There is a single class, or hardly any example shares its class with another.</exception>
    public (Table Targets, IReadOnlyList<string> Names) Finish(string path)
    {
        var classes = Ordered();
        if (classes.Count == 1)
            throw new DataException($"{path}: every label is {Quoted.Of(texts[0])}: a single class leaves nothing to learn. "
                + "Is this the target column?");
        if (classes.Count > 1000 && classes.Count > examples.Count / 2)
            throw new DataException($"{path}: {classes.Count} different labels on {examples.Count} lines: is this a regression?");
        var order = new double[texts.Count];
        for (int rank = 0; rank < classes.Count; rank++)
            foreach (string text in classes[rank])
                order[numbers[text]] = rank;
        double[] labels = [.. examples.Select(number => order[(int)number])];
        return (ClassNumbers.OneHot(labels, classes.Count, path), [.. classes.Select(spellings => spellings[0])]);
    }

    /// <summary>The classes in order, each with its spellings in the order of appearance.</summary>
    private List<List<string>> Ordered() => texts.TrueForAll(text => Number(text) is not null)
        ? [.. texts.GroupBy(text => Number(text)!.Value).OrderBy(spellings => spellings.Key).Select(spellings => spellings.ToList())]
        : [.. texts.Order(StringComparer.Ordinal).Select(text => new List<string> { text })];

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
}
