using Hypergrad.Data;

namespace Hypergrad.DataView;

/// <summary>A row of a view, for errors.</summary>
internal sealed class DataViewPosition(string name, long row) : IRowPosition
{
    public long Number => row;

    public DataException Error(int field, string message) => new($"{name}: row {row} (the first is 0): {message}");
}
