using System.Numerics;

namespace Hypergrad.Data;

/// <summary>
/// The map x ↦ (x − shift) · scale of every input feature, fitted on the training part alone and applied to all parts, so that nothing of
/// the validation and test inputs leaks into training. It can be undone, so that a learned picture is drawn as it would be photographed.
/// </summary>
public sealed class Normalization
{
    private readonly double[] shift, scale;

    private Normalization(NormalizationMode mode, double[] shift, double[] scale, int[] constantFeatures) =>
        (Mode, this.shift, this.scale, ConstantFeatures) = (mode, shift, scale, constantFeatures);

    /// <summary>What was fitted.</summary>
    public NormalizationMode Mode { get; }

    /// <summary>How many features an input has.</summary>
    public int InputSize => shift.Length;

    /// <summary>What is subtracted from each feature.</summary>
    public IReadOnlyList<double> Shift => shift;

    /// <summary>What each feature is then multiplied by; 0 for a constant feature under Standardize and UnitRange.</summary>
    public IReadOnlyList<double> Scale => scale;

    /// <summary>
    /// The features that have the same value in every training example, in order. Standardize takes them to 0, whatever they are.
    /// </summary>
    public IReadOnlyList<int> ConstantFeatures { get; }

    /// <summary>Fits the map.</summary>
    /// <param name="train">The training part.</param>
    /// <param name="mode">The kind of map. Variances are divided by the number of examples.</param>
    public static Normalization Fit(Dataset train, NormalizationMode mode)
    {
        ArgumentNullException.ThrowIfNull(train);
        var statistics = FeatureStatistics.Of(train.Inputs);
        var shift = new double[train.InputSize];
        var scale = new double[train.InputSize];
        double least = statistics.Minimum.Min(), greatest = statistics.Maximum.Max();
        if (!double.IsFinite(greatest - least) || !statistics.Variance.All(double.IsFinite))
            throw new DataException($"The inputs, from {least} to {greatest}, are too far apart to be normalized.");
        for (int i = 0; i < shift.Length; i++)
            (shift[i], scale[i]) = mode switch
            {
                NormalizationMode.None => (0, 1),
                NormalizationMode.UnitRange => (least, ReciprocalOrZero(greatest - least)),
                NormalizationMode.Standardize when statistics.IsConstant(i) => (statistics.Minimum[i], 0),
                NormalizationMode.Standardize => (statistics.Mean[i], ReciprocalOrZero(Math.Sqrt(statistics.Variance[i]))),
                NormalizationMode.Center => (statistics.Mean[i], 1),
                _ => throw new ConfigurationException($"There is no normalization {mode}; there are "
                    + $"{string.Join(", ", Enum.GetNames<NormalizationMode>())}."),
            };
        return new Normalization(mode, shift, scale, statistics.ConstantFeatures());
    }

    /// <summary>The dataset with its inputs mapped, in the same precision, with the same targets.</summary>
    /// <exception cref="DataException">Another input size, or a number that the map makes too large for the precision.</exception>
    public Dataset Apply(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new Dataset(Apply(data.Inputs), data.Targets) { ImageWidth = data.ImageWidth, ClassNames = data.ClassNames };
    }

    /// <summary>The inputs mapped, in the same precision.</summary>
    /// <inheritdoc cref="Apply(Dataset)"/>
    public Table Apply(Table inputs) => Map(inputs, Apply);

    /// <summary>
    /// Mapped inputs as they were before, in the same precision. A constant feature under Standardize gets its training value.
    /// </summary>
    /// <inheritdoc cref="Apply(Dataset)"/>
    public Table Invert(Table inputs) => Map(inputs, Invert);

    /// <summary>A spread so small that nothing finite undoes it counts as none.</summary>
    private static double ReciprocalOrZero(double spread) => double.IsFinite(1 / spread) ? 1 / spread : 0;

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
            throw new DataException($"The normalization was fitted to {InputSize} features; these inputs have {inputs.Columns}.");
        return inputs.IsDouble ? new Table(Map<double>(inputs, map), InputSize, "input")
            : new Table(Map<float>(inputs, map), InputSize, "input");
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
