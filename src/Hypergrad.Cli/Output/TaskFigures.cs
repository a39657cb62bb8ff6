using System.Globalization;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;

namespace Hypergrad.Cli.Output;

/// <summary>
/// What the records of a tuning say of its task, in the units of the data: losses, and the RMSE and R² of a regression, whose targets are
/// normalised in training.
/// </summary>
internal sealed class TaskFigures
{
    private readonly RegressionFigures? validation, test;

    public TaskFigures(DataSplit parts, Loss loss)
    {
        bool isRegression = IsRegressionOf(parts.Train, loss);
        validation = isRegression ? new(parts.Validation) : null;
        test = isRegression && parts.Test is not null ? new(parts.Test) : null;
        Words = new(loss, isRegression, parts.Train.TargetSize, validation?.HasUnitsOfData ?? true);
    }

    /// <summary>What the figures are, in words.</summary>
    public LossText Words { get; }

    /// <summary>Whether numbers are to be met, as the squared loss does, and not classes.</summary>
    public bool IsRegression => validation is not null;

    /// <summary>The unit of losses; empty where they have none.</summary>
    public string LossUnit => Words.LossUnit;

    /// <summary>The unit of RMSEs.</summary>
    public string ErrorUnit => Words.ErrorUnit;

    /// <summary>Whether a dataset and a loss make a regression.</summary>
    public static bool IsRegressionOf(Dataset data, Loss loss) => loss == Loss.Squared && data.ClassNames is null;

    /// <summary>A loss in the units of the data; NaN stays NaN.</summary>
    public double LossOf(double mean) => validation?.Loss(mean) ?? mean;

    /// <inheritdoc cref="LossOf(double)"/>
    public Estimate LossOf(Estimate estimate) => new(LossOf(estimate.Mean), LossOf(estimate.StandardError));

    /// <summary>A loss as progress shows it.</summary>
    public string Text(double mean) => LossOf(mean).ToString(IsRegression ? "G5" : "F4", CultureInfo.InvariantCulture);

    /// <summary>The RMSE of the validation part; null for a classification.</summary>
    public Estimate? ValidationRmse(MetaStepRecord record) => Rmse(validation, record.Validation);

    /// <summary>The RMSE of the test part; null for a classification, or without one.</summary>
    public Estimate? TestRmse(MetaStepRecord record) => Rmse(test, record.Test);

    /// <summary>R² over the validation part; null for a classification.</summary>
    public Estimate? ValidationRSquared(MetaStepRecord record) => RSquared(validation, record.Validation);

    /// <summary>R² over the test part; null for a classification, or without one.</summary>
    public Estimate? TestRSquared(MetaStepRecord record) => RSquared(test, record.Test);

    // The slope of the root carries the standard error over.
    private static Estimate? Rmse(RegressionFigures? figures, Estimate? loss) => figures is null || loss is not { } known ? null
        : new(figures.Rmse(known.Mean), figures.Rmse(known.Mean) * known.StandardError / (2 * known.Mean));

    private static Estimate? RSquared(RegressionFigures? figures, Estimate? loss) => figures is null || loss is not { } known ? null
        : new(figures.RSquared(known.Mean), Math.Abs(figures.RSquared(known.StandardError) - figures.RSquared(0)));
}
