using System.Numerics;

namespace Hypergrad.Data;

/// <summary>
/// The map x ↦ (x − shift) · scale of every input feature, or of every target of a regression, fitted on the training part alone and
/// applied to all parts, so that nothing of the validation and test parts leaks into training. It can be undone, so that a learned picture
/// is drawn as it would be photographed, and a prediction is in the units of the data.
/// </summary>
public sealed class Normalization
{
    private readonly string name;
    private readonly double[] shift, scale;

    private Normalization(string name, NormalizationMode mode, double[] shift, double[] scale, int[] constantFeatures) =>
        (this.name, Mode, this.shift, this.scale, ConstantFeatures) = (name, mode, shift, scale, constantFeatures);

    /// <summary>What was fitted.</summary>
    public NormalizationMode Mode { get; }

    /// <summary>How many features an input has.</summary>
    public int InputSize => shift.Length;

    /// <summary>What is subtracted from each feature.</summary>
    public IReadOnlyList<double> Shift => shift;

    /// <summary>
    /// What each feature is then multiplied by. For a constant one under Standardize and UnitRange it is 0 where inputs were fitted, 1
    /// where targets were.
    /// </summary>
    public IReadOnlyList<double> Scale => scale;

    /// <summary>
    /// The features that have the same value in every training example, in order. Standardize takes them to 0, whatever they are.
    /// </summary>
    public IReadOnlyList<int> ConstantFeatures { get; }

    /// <summary>A map as it was fitted before.</summary>
    internal static Normalization Restore(
        string name, NormalizationMode mode, double[] shift, double[] scale, int[] constantFeatures) =>
        new(name, mode, shift, scale, constantFeatures);

    /// <summary>Fits the map of the inputs.</summary>
    /// <param name="train">The training part.</param>
    /// <param name="mode">The kind of map. Variances are divided by the number of examples.</param>
    /// <exception cref="DataException">Numbers too far apart to be normalized.</exception>
    public static Normalization Fit(Dataset train, NormalizationMode mode)
    {
        ArgumentNullException.ThrowIfNull(train);
        return Fit(train.Inputs, "input", mode, scaleOfConstant: 0);
    }

    /// <summary>Fits the map of a regression's targets.</summary>
    /// <exception cref="ConfigurationException">The targets are classes.</exception>
    /// <inheritdoc cref="Fit(Dataset, NormalizationMode)"/>
    public static Normalization FitTargets(Dataset train, NormalizationMode mode)
    {
        ArgumentNullException.ThrowIfNull(train);
        RequireRegression(train);
        return Fit(train.Targets, "target", mode, scaleOfConstant: 1);
    }

    private static Normalization Fit(Table table, string name, NormalizationMode mode, double scaleOfConstant)
    {
        var statistics = FeatureStatistics.Of(table);
        var shift = new double[table.Columns];
        var scale = new double[table.Columns];
        double least = statistics.Minimum.Min(), greatest = statistics.Maximum.Max();
        if (!double.IsFinite(greatest - least) || !statistics.Variance.All(double.IsFinite))
            throw new DataException($"The {name}s, from {least} to {greatest}, are too far apart to be normalized.");
        // A spread so small that nothing finite undoes it counts as none.
        double Reciprocal(double spread) => double.IsFinite(1 / spread) ? 1 / spread : scaleOfConstant;
        for (int i = 0; i < shift.Length; i++)
            (shift[i], scale[i]) = mode switch
            {
                NormalizationMode.None => (0, 1),
                NormalizationMode.UnitRange => (least, Reciprocal(greatest - least)),
                NormalizationMode.Standardize when statistics.IsConstant(i) => (statistics.Minimum[i], scaleOfConstant),
                NormalizationMode.Standardize => (statistics.Mean[i], Reciprocal(Math.Sqrt(statistics.Variance[i]))),
                NormalizationMode.Center => (statistics.Mean[i], 1),
                _ => throw new ConfigurationException($"There is no normalization {mode}; there are "
                    + $"{string.Join(", ", Enum.GetNames<NormalizationMode>())}."),
            };
        return new Normalization(name, mode, shift, scale, statistics.ConstantFeatures());
    }

    /// <summary>The dataset with its inputs mapped, in the same precision, with the same targets.</summary>
    /// <exception cref="DataException">Another input size, or a number that the map makes too large for the precision.</exception>
    public Dataset Apply(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.With(Apply(data.Inputs), data.Targets);
    }

    /// <summary>The regression's dataset with its targets mapped, in the same precision, and with this map as its own.</summary>
    /// <exception cref="ConfigurationException">The targets are classes, or are mapped already.</exception>
    /// <inheritdoc cref="Apply(Dataset)"/>
    public Dataset ApplyToTargets(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        RequireRegression(data);
        if (data.TargetNormalization is not null)
            throw new ConfigurationException("The targets are normalized already; a map of a map could not be undone.");
        return new Dataset(data.Inputs, Apply(data.Targets)) { ImageWidth = data.ImageWidth, TargetNormalization = this };
    }

    /// <summary>The inputs, or targets, mapped, in the same precision.</summary>
    /// <inheritdoc cref="Apply(Dataset)"/>
    public Table Apply(Table inputs) => Map(inputs, Apply);

    /// <summary>
    /// Mapped inputs, or targets, as they were before, in the same precision. A constant feature under Standardize gets its training value.
    /// </summary>
    /// <inheritdoc cref="Apply(Dataset)"/>
    public Table Invert(Table inputs) => Map(inputs, Invert);

    private static void RequireRegression(Dataset data)
    {
        if (data.ClassNames is not null)
            throw new ConfigurationException("The targets are classes; only the numbers of a regression are normalized.");
    }

    private void Apply(Span<double> row)
    {
        for (int i = 0; i < row.Length; i++)
            row[i] = (row[i] - shift[i]) * scale[i];
    }

    private void Invert(Span<double> row)
    {
        for (int i = 0; i < row.Length; i++)
            row[i] = scale[i] == 0 ? shift[i] : row[i] / scale[i] + shift[i];
    }

    private Table Map(Table inputs, Action<Span<double>> map)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Columns != InputSize)
            throw new DataException($"The normalization was fitted to {InputSize} features; these {name}s have {inputs.Columns}.");
        return inputs.IsDouble ? new Table(Map<double>(inputs, map), InputSize, name)
            : new Table(Map<float>(inputs, map), InputSize, name);
    }

    private T[] Map<T>(Table inputs, Action<Span<double>> map) where T : struct, INumberBase<T>
    {
        var result = new T[inputs.Rows * InputSize];
        var row = new double[InputSize];
        for (int example = 0; example < inputs.Rows; example++)
        {
            inputs.CopyRow<double>(example, row);
            map(row);
            for (int i = 0; i < InputSize; i++)
                result[example * InputSize + i] = T.CreateTruncating(row[i]);
        }
        return result;
    }
}
