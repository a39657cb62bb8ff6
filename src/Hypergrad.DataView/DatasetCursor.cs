using Hypergrad.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Hypergrad.DataView;

/// <summary>Goes through the examples of a dataset in their order.</summary>
internal sealed class DatasetCursor : DataViewRowCursor
{
    private readonly Dataset data;
    private readonly HashSet<int> active;
    private int example = -1;

    public DatasetCursor(Dataset data, DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        (this.data, Schema) = (data, schema);
        active = [.. columns.Select(column => column.Index)];
    }

    public override long Position => example < data.Count ? example : -1;

    public override long Batch => 0;

    public override DataViewSchema Schema { get; }

    public override bool MoveNext() => example < data.Count && ++example < data.Count;

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)example, 0);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Delegate getter = column.Index == 0 ? Vector(data.Inputs) : data.ClassNames is { } names
            ? (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> name) => name = names[data.ClassOf(example)].AsMemory())
            : data.TargetSize == 1 ? (ValueGetter<float>)((ref float target) => target = (float)data.Targets[example, 0])
            : Vector(data.Targets);
        return getter as ValueGetter<TValue>
            ?? throw new ArgumentException($"Column {column.Name} holds {column.Type}, and {typeof(TValue).Name} was asked for.");
    }

    private ValueGetter<VBuffer<float>> Vector(Table table) => (ref VBuffer<float> vector) =>
    {
        var editor = VBufferEditor.Create(ref vector, table.Columns);
        table.CopyRow(example, editor.Values);
        vector = editor.Commit();
    };
}
