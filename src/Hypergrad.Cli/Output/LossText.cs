using Hypergrad.Networks;

namespace Hypergrad.Cli.Output;

/// <summary>What a mean loss, and the figures beside it, are, in words.</summary>
/// <param name="loss">The loss of the network.</param>
/// <param name="isRegression">Whether numbers are to be met, and not classes.</param>
/// <param name="targets">How many numbers.</param>
/// <param name="hasUnitsOfData">Whether it is in the units of the data, and not in standard deviations, as in training.</param>
internal sealed class LossText(Loss loss, bool isRegression, int targets, bool hasUnitsOfData = true)
{
    private readonly string target = targets == 1 ? "target" : "targets";

    /// <summary>The unit of a loss; empty where it has none.</summary>
    public string LossUnit => loss == Loss.SoftmaxCrossEntropy ? "nats" : !isRegression ? ""
        : hasUnitsOfData ? $"squared units of the {target}" : "variances of the targets";

    /// <summary>The unit of an RMSE.</summary>
    public string ErrorUnit => hasUnitsOfData ? $"units of the {target}" : "standard deviations of the targets";

    /// <summary>What a loss is, with its unit.</summary>
    public string Definition => loss == Loss.SoftmaxCrossEntropy ? "softmax cross-entropy, in nats"
        : !isRegression ? "half the squared error of the outputs, which are 0 or 1 for each class: no unit"
        : $"half the mean squared error{(targets == 1 ? "" : $", summed over {targets} targets")}, in {LossUnit}";

    /// <summary>What the figures of a regression are, in sentences; null for classes.</summary>
    public string? Figures => !isRegression ? null
        : $"Losses are {Definition}. RMSE is the root of the mean squared error, in {ErrorUnit}. R² is the share of the variance of the "
            + "targets that is explained: 1 is perfect, 0 is no better than their mean.";
}
