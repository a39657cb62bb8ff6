namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>A matrix to be shown in colours.</summary>
/// <param name="Description">A sentence for readers who cannot see the drawing.</param>
/// <param name="RowTitle">What the rows are, such as "right class".</param>
/// <param name="ColumnTitle">What the columns are.</param>
/// <param name="Rows">The names of the rows.</param>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Values">[rows][columns].</param>
internal sealed record HeatMapData(string Description, string RowTitle, string ColumnTitle,
    IReadOnlyList<string> Rows, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<double>> Values)
{
    /// <summary>For each row the column that a dot marks, such as that of its class; empty for no dots.</summary>
    public IReadOnlyList<int> Marks { get; init; } = [];
}
