using Hypergrad.Data;

namespace Hypergrad.Backends;

/// <summary>The forward pass of a network alone, as it is evaluated: dropout off, no loss, no derivatives.</summary>
internal interface IForwardPass : IDisposable
{
    /// <summary>Computes the outputs of some examples.</summary>
    /// <param name="weights">[weights].</param>
    /// <param name="inputs">The inputs, normalised; as many columns as the network takes.</param>
    /// <param name="outputs">[rows × positions × outputs], overwritten.</param>
    /// <param name="cancellation">Checked between batches.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    void Evaluate(ReadOnlySpan<float> weights, Table inputs, Span<float> outputs, CancellationToken cancellation = default);
}
