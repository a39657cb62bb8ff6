namespace Hypergrad.Data;

/// <summary>
/// Reads the squared losses of a regression in the units of the data, however its targets were normalised: as R² and as the root of the
/// mean squared error (RMSE).
/// </summary>
public sealed class RegressionFigures
{
    private readonly double variance;
    private readonly int targets;

    /// <summary>Figures of a dataset.</summary>
    /// <param name="data">The dataset that the losses are means over.</param>
    public RegressionFigures(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        variance = FeatureStatistics.Of(data.Targets).Variance.Sum();
        targets = data.TargetSize;
        var scales = data.TargetNormalization?.Scale.Distinct().ToArray() ?? [1];
        HasUnitsOfData = scales.Length == 1;
        Unit = HasUnitsOfData ? 1 / scales[0] : 1;
    }

    /// <summary>
    /// Whether losses and errors are in the units of the data; where several targets were scaled by different factors there is no common
    /// unit, and they stay in that of training: standard deviations, under <see cref="NormalizationMode.Standardize"/>.
    /// </summary>
    public bool HasUnitsOfData { get; }

    /// <summary>How much of the data's unit, that of an error, is 1 in training.</summary>
    public double Unit { get; }

    /// <summary>The mean loss ½‖f − y‖², squared units.</summary>
    /// <param name="loss">The mean loss in training's units.</param>
    public double Loss(double loss) => loss * Unit * Unit;

    /// <summary>The root of the mean squared error of a target.</summary>
    /// <param name="loss">The mean loss in training's units.</param>
    public double Rmse(double loss) => Math.Sqrt(2 * loss / targets) * Unit;

    /// <summary>
    /// R² = 1 − Σ‖f − y‖² / Σ‖y − ȳ‖², no unit: 1 for perfect predictions, 0 for the mean of the dataset's targets, negative for worse.
    /// Of several targets it is that of all together, in training's units. NaN where the targets are constant.
    /// </summary>
    /// <param name="loss">The mean loss in training's units.</param>
    public double RSquared(double loss) => variance > 0 ? 1 - 2 * loss / variance : double.NaN;
}
