using System.Numerics.Tensors;
using Hypergrad.Data;
using Hypergrad.Wording;

namespace Hypergrad.DataView;

/// <summary>Tensors of System.Numerics as tables and datasets, and back. The first dimension counts the examples.</summary>
public static class Tensors
{
    private const int MostChannels = 4;

    /// <summary>
    /// The examples of a tensor of inputs, [examples × …], and a tensor of targets, [examples] or [examples × targets]. Inputs of
    /// [examples × height × width] or [examples × height × width × 1 to 4 channels] are pictures.
    /// </summary>
    /// <param name="inputs">The inputs; they are copied.</param>
    /// <param name="targets">The targets: distributions over the classes where there are names of classes, else numbers to be met.</param>
    /// <param name="classNames">The names of the classes; null for a regression.</param>
    /// <exception cref="DataException">The tensors do not fit together, are empty, or hold a number that is not finite.</exception>
    public static Dataset ToDataset(
        in ReadOnlyTensorSpan<float> inputs, in ReadOnlyTensorSpan<float> targets, IReadOnlyList<string>? classNames = null)
    {
        var lengths = inputs.Lengths;
        bool isPicture = lengths.Length == 3 || lengths.Length == 4 && lengths[3] is >= 1 and <= MostChannels;
        var table = ToTable(targets, "target");
        if (classNames is not null && classNames.Count != table.Columns)
            throw new DataException($"{classNames.Count} names of classes, {Quoted.List([.. classNames])}, and {table.Columns} targets: "
                + "there must be as many.");
        return new(ToTable(inputs, "input"), table)
        {
            ImageWidth = isPicture ? (int)lengths[2] : null,
            ImageChannels = lengths.Length == 4 && isPicture ? (int)lengths[3] : 1,
            ClassNames = classNames,
        };
    }

    /// <summary>The numbers of a tensor, [rows × …], a row of the table for each row.</summary>
    /// <param name="tensor">The tensor; it is copied.</param>
    /// <param name="name">What the numbers are, for error messages.</param>
    /// <exception cref="DataException">The tensor is empty, or holds a number that is not finite.</exception>
    public static Table ToTable(in ReadOnlyTensorSpan<float> tensor, string name = "number")
    {
        if (tensor.IsEmpty || tensor.Lengths.Length == 0)
            throw new DataException($"The tensor of {name}s is empty; it needs at least one row.");
        var values = new float[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return new(values, (int)(tensor.FlattenedLength / tensor.Lengths[0]), name);
    }

    /// <summary>A table as a tensor, [rows × columns]; numbers in double precision are rounded.</summary>
    /// <param name="table">The table; it is copied.</param>
    public static Tensor<float> ToTensor(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var values = new float[table.Rows * table.Columns];
        for (int row = 0; row < table.Rows; row++)
            table.CopyRow(row, values.AsSpan(row * table.Columns, table.Columns));
        return Tensor.Create(values, [table.Rows, table.Columns]);
    }
}
