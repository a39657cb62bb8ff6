namespace Hypergrad.Data;

/// <summary>
/// Examples with their targets. A classification target is a distribution over the classes, one-hot being the special case.
/// </summary>
public sealed class Dataset
{
    /// <summary>Joins inputs and targets.</summary>
    /// <param name="inputs">[count × input size].</param>
    /// <param name="targets">[count × target size].</param>
    /// <exception cref="DataException">The row counts differ.</exception>
    public Dataset(Table inputs, Table targets)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (inputs.Rows != targets.Rows)
            throw new DataException($"{inputs.Rows} inputs and {targets.Rows} targets: there must be one target per input.");
        Inputs = inputs;
        Targets = targets;
    }

    /// <summary>The inputs, [Count × InputSize].</summary>
    public Table Inputs { get; }

    /// <summary>The targets, [Count × TargetSize].</summary>
    public Table Targets { get; }

    /// <summary>How many numbers one input has.</summary>
    public int InputSize => Inputs.Columns;

    /// <summary>How many numbers one target has (the number of classes in classification).</summary>
    public int TargetSize => Targets.Columns;

    /// <summary>How many examples there are.</summary>
    public int Count => Inputs.Rows;

    /// <summary>Width of the picture when an input is one, else null. A picture is stored row by row, a row of pixels after the other.</summary>
    public int? ImageWidth { get; init; }

    /// <summary>Height of the picture when an input is one, else null.</summary>
    public int? ImageHeight => ImageWidth is { } width ? InputSize / width : null;

    /// <summary>The names of the classes when the targets are distributions over classes, else null.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>The examples asked for, in that order, repeats allowed.</summary>
    public Dataset Select(ReadOnlySpan<int> examples) =>
        new(Inputs.Select(examples), Targets.Select(examples)) { ImageWidth = ImageWidth, ClassNames = ClassNames };
}
