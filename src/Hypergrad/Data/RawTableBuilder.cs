namespace Hypergrad.Data;

/// <summary>Makes a table of rows as they are read.</summary>
internal sealed class RawTableBuilder
{
    private readonly string path;
    private readonly ColumnLayout layout;
    private readonly Cells cells;
    private readonly double[] row;

    public RawTableBuilder(string path, ColumnLayout layout, TableOptions options, NumberFormat format)
    {
        (this.path, this.layout) = (path, layout);
        PlaceOf = number => $"{path}: row {number}";
        int[] columns = layout.Columns;
        bool areNumbers = options.Task == LearningTask.Regression || options.Task is null && layout.Targets.Length > 1;
        Builders = [.. columns.Select((field, place) =>
        {
            bool isTarget = place < layout.Targets.Length;
            var builder = new RawColumnBuilder(layout, field, isTarget, format, options.DoublePrecision);
            bool isNumber = isTarget ? areNumbers : options.OthersAreNumbers && !layout.IsCategory(field);
            return isNumber ? builder.OfNumbers() : builder;
        })];
        cells = new Cells(path, columns.Length, options.DoublePrecision);
        row = new double[columns.Length];
    }

    /// <summary>The columns, the targets before the inputs; each takes its entry of a row before <see cref="EndRow"/>.</summary>
    public RawColumnBuilder[] Builders { get; }

    /// <summary>A row's place, by the number that its position gives it, for errors.</summary>
    public Func<long, string> PlaceOf { get; init; }

    /// <summary>Sets what a column's builder made of its entry of the current row.</summary>
    public void Set(int column, double entry) => row[column] = entry;

    /// <summary>Ends a row.</summary>
    public void EndRow() => cells.Add(row);

    /// <summary>The table.</summary>
    /// <param name="nothing">The complaint about a table without rows.</param>
    /// <exception cref="DataException">There are no rows, or a column is neither numbers nor text.</exception>
    public RawTable Finish(string nothing) => cells.Rows == 0
        ? throw new DataException($"{path}: {nothing}")
        : new(path, [.. Builders.Select(builder => builder.Finish())], layout.Targets.Length, cells, PlaceOf);
}
