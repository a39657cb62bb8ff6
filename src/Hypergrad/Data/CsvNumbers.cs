using System.Globalization;
using System.Numerics;
using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>Collects the numbers of some columns of a CSV file, row by row, in single or double precision.</summary>
internal sealed class CsvNumbers<T>(int[] columns, CsvLayout layout) where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly List<T> values = [];

    /// <summary>Adds the next row.</summary>
    /// <exception cref="DataException">A field is not a number, or not a finite one in this precision.</exception>
    public void Add(CsvRecords records)
    {
        foreach (int column in columns)
        {
            if (!T.TryParse(records[column], NumberStyles.Float, CultureInfo.InvariantCulture, out T value) || !T.IsFinite(value))
                throw records.Error(column, $"{layout.NameOf(column)} {Complaint(records.Text(column))}");
            values.Add(value);
        }
    }

    /// <summary>All rows, [rows × columns].</summary>
    public Table ToTable(string name)
    {
        var array = values.ToArray();
        return array is float[] single ? new Table(single, columns.Length, name) : new Table((double[])(object)array, columns.Length, name);
    }

    private static string Complaint(string text)
    {
        if (text.Length == 0)
            return "is empty; every example needs all its numbers.";
        string quoted = Quoted.Of(text);
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            return NumberText.Advice(text) is { } advice ? $"holds {quoted}: {advice}." : $"holds {quoted}, which is not a number.";
        return double.IsFinite(value)
            ? $"holds {quoted}, which is too large for single precision."
            : $"holds {quoted}; every number must be finite.";
    }
}
