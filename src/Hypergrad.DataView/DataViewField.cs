using System.Globalization;
using Hypergrad.Data;
using Hypergrad.Wording;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Hypergrad.DataView;

/// <summary>Gives an entry of the current row to a builder; returns what the builder makes of it.</summary>
internal delegate double DataViewEntry(RawColumnBuilder builder, DataViewPosition position);

/// <summary>A column of a view, or one number of a vector.</summary>
/// <param name="Column">The column.</param>
/// <param name="Name">What it is called as a column of a table.</param>
/// <param name="Slot">The number's place in the vector; null where the column is none.</param>
internal sealed record DataViewField(DataViewSchema.Column Column, string Name, int? Slot)
{
    /// <summary>How to read it from a row.</summary>
    /// <exception cref="DataException">It is neither a number nor text.</exception>
    public DataViewEntry Open(DataViewRow row)
    {
        var type = (Column.Type is VectorDataViewType vector ? vector.ItemType : Column.Type).RawType;
        return type == typeof(float) ? Number<float>(row, value => value)
            : type == typeof(double) ? Number<double>(row, value => value)
            : type == typeof(sbyte) ? Number<sbyte>(row, value => value)
            : type == typeof(byte) ? Number<byte>(row, value => value)
            : type == typeof(short) ? Number<short>(row, value => value)
            : type == typeof(ushort) ? Number<ushort>(row, value => value)
            : type == typeof(int) ? Number<int>(row, value => value)
            : type == typeof(uint) ? Number<uint>(row, value => value)
            : type == typeof(long) ? Number<long>(row, value => value)
            : type == typeof(ulong) ? Number<ulong>(row, value => value)
            : type == typeof(bool) ? Text<bool>(row, value => (value ? "true" : "false").AsMemory())
            : type == typeof(ReadOnlyMemory<char>) ? Text<ReadOnlyMemory<char>>(row, value => value)
            : type == typeof(DateTime)
                ? Text<DateTime>(row, value => value.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture).AsMemory())
            : throw new DataException($"The data view: column {Quoted.Of(Column.Name)} holds {Column.Type}, and a network takes numbers. "
                + $"Leave it out with --ignore-columns {Quoted.Name(Name)}.");
    }

    private DataViewEntry Number<T>(DataViewRow row, Func<T, double> convert)
    {
        var read = Value<T>(row);
        return (builder, position) => builder.Add(convert(read()), position);
    }

    private DataViewEntry Text<T>(DataViewRow row, Func<T, ReadOnlyMemory<char>> convert)
    {
        var read = Value<T>(row);
        return (builder, position) => builder.Add(convert(read()).Span, position);
    }

    private Func<T> Value<T>(DataViewRow row)
    {
        if (Slot is not { } slot)
        {
            var get = row.GetGetter<T>(Column);
            T value = default!;
            return () =>
            {
                get(ref value);
                return value;
            };
        }
        var getVector = row.GetGetter<VBuffer<T>>(Column);
        VBuffer<T> vector = default;
        return () =>
        {
            getVector(ref vector);
            return vector.GetItemOrDefault(slot);
        };
    }
}
