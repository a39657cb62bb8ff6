using Hypergrad.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Hypergrad.DataView;

/// <summary>
/// A dataset as a data view of ML.NET: a vector <c>Features</c> of its inputs, in single precision, and a <c>Label</c>, which is the name
/// of the class, or the number of a regression with one target, or the vector of one with several.
/// </summary>
public sealed class DatasetView : IDataView
{
    private readonly Dataset data;

    /// <summary>Shows a dataset; nothing is copied.</summary>
    /// <param name="data">The dataset.</param>
    public DatasetView(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        this.data = data;
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, data.InputSize));
        schema.AddColumn("Label", data.ClassNames is not null ? TextDataViewType.Instance : data.TargetSize == 1 ? NumberDataViewType.Single
            : new VectorDataViewType(NumberDataViewType.Single, data.TargetSize));
        Schema = schema.ToSchema();
    }

    /// <inheritdoc/>
    public bool CanShuffle => false;

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public long? GetRowCount() => data.Count;

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new DatasetCursor(data, Schema, columnsNeeded);

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
