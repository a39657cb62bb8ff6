using System.Globalization;
using Hypergrad.Data;
using Hypergrad.Wording;
using Parquet;
using Parquet.Schema;

namespace Hypergrad.Parquet;

/// <summary>The entries of one column in one group of rows.</summary>
internal abstract class ParquetColumn
{
    /// <summary>Gives the entry of a row to a builder; returns what the builder makes of it.</summary>
    public abstract double AddTo(RawColumnBuilder builder, int row, ParquetPosition position);

    /// <summary>Reads the entries.</summary>
    /// <exception cref="DataException">They are lists, bytes, or of another type that is no number and no text.</exception>
    public static async Task<ParquetColumn> Read(ParquetRowGroupReader rows, DataField field, ParquetPosition position)
    {
        if (field.IsArray || field.MaxRepetitionLevel > 0)
            throw Unusable(field, "lists", position);
        var type = field.ClrType;
        if (type == typeof(string) || type == typeof(ReadOnlyMemory<char>))
        {
            var texts = new string?[rows.RowCount];
            await rows.ReadAsync(field, texts.AsMemory()!).ConfigureAwait(false);
            return new Texts(texts);
        }
        return type == typeof(bool) ? await Text<bool>(rows, field, value => value ? "true" : "false").ConfigureAwait(false)
            : type == typeof(DateTime) ? await Text<DateTime>(rows, field, Day).ConfigureAwait(false)
            : type == typeof(DateOnly)
                ? await Text<DateOnly>(rows, field, day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).ConfigureAwait(false)
            : type == typeof(float) ? await Number<float>(rows, field, value => value).ConfigureAwait(false)
            : type == typeof(double) ? await Number<double>(rows, field, value => value).ConfigureAwait(false)
            : type == typeof(sbyte) ? await Number<sbyte>(rows, field, value => value).ConfigureAwait(false)
            : type == typeof(byte) ? await Number<byte>(rows, field, value => value).ConfigureAwait(false)
            : type == typeof(short) ? await Number<short>(rows, field, value => value).ConfigureAwait(false)
            : type == typeof(ushort) ? await Number<ushort>(rows, field, value => value).ConfigureAwait(false)
            : type == typeof(int) ? await Number<int>(rows, field, value => value).ConfigureAwait(false)
            : type == typeof(uint) ? await Number<uint>(rows, field, value => value).ConfigureAwait(false)
            : type == typeof(long) ? await Number<long>(rows, field, value => value).ConfigureAwait(false)
            : type == typeof(ulong) ? await Number<ulong>(rows, field, value => value).ConfigureAwait(false)
            : type == typeof(decimal) ? await Number<decimal>(rows, field, value => (double)value).ConfigureAwait(false)
            : throw Unusable(field, $"entries of type {type.Name}", position);
    }

    private static async Task<ParquetColumn> Number<T>(ParquetRowGroupReader rows, DataField field, Func<T, double> convert)
        where T : struct =>
        new Numbers<T>(await Values<T>(rows, field).ConfigureAwait(false), convert);

    private static async Task<ParquetColumn> Text<T>(ParquetRowGroupReader rows, DataField field, Func<T, string> convert)
        where T : struct =>
        new Texts([.. (await Values<T>(rows, field).ConfigureAwait(false)).Select(value => value is { } known ? convert(known) : null)]);

    private static async Task<T?[]> Values<T>(ParquetRowGroupReader rows, DataField field) where T : struct
    {
        if (field.IsNullable)
        {
            var values = new T?[rows.RowCount];
            await rows.ReadAsync<T>(field, values.AsMemory()).ConfigureAwait(false);
            return values;
        }
        var present = new T[rows.RowCount];
        await rows.ReadAsync<T>(field, present.AsMemory()).ConfigureAwait(false);
        return Array.ConvertAll(present, value => (T?)value);
    }

    private static string Day(DateTime time) =>
        time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static DataException Unusable(DataField field, string what, ParquetPosition position) => position.Error(
        $"column {Quoted.Of(field.Path.ToString())} holds {what}, and a network takes numbers. Leave it out with --ignore-columns "
            + $"{Quoted.Name(field.Path.ToString())}.");

    private sealed class Numbers<T>(T?[] values, Func<T, double> convert) : ParquetColumn where T : struct
    {
        public override double AddTo(RawColumnBuilder builder, int row, ParquetPosition position) => values[row] is { } value
            ? builder.Add(convert(value), position)
            : builder.AddMissing("", position);
    }

    private sealed class Texts(string?[] texts) : ParquetColumn
    {
        public override double AddTo(RawColumnBuilder builder, int row, ParquetPosition position) => texts[row] is { } text
            ? builder.Add(text, position)
            : builder.AddMissing("", position);
    }
}
