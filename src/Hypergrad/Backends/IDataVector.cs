using Hypergrad.Hyperparameters;

namespace Hypergrad.Backends;

/// <summary>
/// Numbers shaped like the training data, where dX, dY and dω are gathered; each starts at zero and is there only if asked for.
/// </summary>
public interface IDataVector : IDisposable
{
    /// <summary>
    /// Copies one replica's part out: [examples × input size], [examples × target size] or [examples]; null if it was not asked for.
    /// </summary>
    /// <param name="quantity">A quantity of data.</param>
    /// <param name="replica">Which of the runs trained side by side.</param>
    double[]? ToArray(Quantity quantity, int replica);
}
