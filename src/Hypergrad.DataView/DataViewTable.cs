using Hypergrad.Data;
using Hypergrad.Wording;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Hypergrad.DataView;

/// <summary>
/// Reads ML.NET's data views as tables: columns of numbers, truth values, text and dates, which are refused as inputs; a vector of n
/// numbers called <c>Features</c> is n columns, <c>Features.0</c> to <c>Features.n−1</c>. The view is read once, row by row.
/// </summary>
public static class DataViewTable
{
    private const string Name = "the data view";

    /// <summary>Reads a view and encodes it, as <see cref="CsvReader.Read"/> does a file.</summary>
    /// <param name="view">The view.</param>
    /// <param name="options">How to understand it; by default the last column is the target.</param>
    /// <exception cref="DataException">Its content is not such a table; the message says what is wrong where.</exception>
    /// <exception cref="ConfigurationException">The options contradict each other or the table.</exception>
    /// <exception cref="MemoryException">There is more than memory can hold.</exception>
    public static Dataset Read(IDataView view, TableOptions? options = null)
    {
        var table = ReadTable(view, options);
        return DataEncoding.Learn(table, options).Encode(table);
    }

    /// <summary>Reads a view as it is, for a <see cref="DataEncoding"/> to be learned from it.</summary>
    /// <inheritdoc cref="Read"/>
    public static RawTable ReadTable(IDataView view, TableOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(view);
        options ??= new TableOptions();
        return ReadColumns(view, options, names => ColumnLayout.Find(Name, names, options));
    }

    /// <summary>Reads the columns that an encoding knows, to be encoded by it.</summary>
    /// <param name="view">The view; it may have further columns.</param>
    /// <param name="encoding">The encoding.</param>
    /// <param name="hasTargets">Whether the targets are read as well.</param>
    /// <exception cref="DataException">As <see cref="Read"/>, or a column is missing.</exception>
    /// <exception cref="MemoryException">There is more than memory can hold.</exception>
    public static RawTable ReadTable(IDataView view, DataEncoding encoding, bool hasTargets = true)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(encoding);
        var options = encoding.OptionsFor(hasTargets);
        return ReadColumns(view, options, names => ColumnLayout.Match(Name, names, options));
    }

    private static RawTable ReadColumns(IDataView view, TableOptions options, Func<string[], ColumnLayout> find)
    {
        var fields = view.Schema.Where(column => !column.IsHidden).SelectMany(Fields).ToArray();
        var layout = find([.. fields.Select(field => field.Name)]);
        var table = new RawTableBuilder(Name, layout, options, NumberFormat.Plain)
        {
            PlaceOf = row => $"{Name}: row {row} (the first is 0)",
        };
        DataViewField[] used = [.. table.Builders.Select(builder => fields[builder.Field])];
        using var cursor = view.GetRowCursor(used.Select(field => field.Column).DistinctBy(column => column.Index));
        DataViewEntry[] entries = [.. used.Select(field => field.Open(cursor))];
        while (cursor.MoveNext())
        {
            var position = new DataViewPosition(Name, cursor.Position);
            for (int column = 0; column < entries.Length; column++)
                table.Set(column, entries[column](table.Builders[column], position));
            table.EndRow();
        }
        return table.Finish("it has no rows.");
    }

    private static IEnumerable<DataViewField> Fields(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType vector)
            return [new(column, column.Name, null)];
        return vector.Size > 0 ? Enumerable.Range(0, vector.Size).Select(slot => new DataViewField(column, $"{column.Name}.{slot}", slot))
            : throw new DataException($"{Name}: the vectors of column {Quoted.Of(column.Name)} are of no fixed size; a network takes as "
                + "many numbers of every example.");
    }
}
