using System.Numerics;
using Hypergrad.Networks;

namespace Hypergrad.Backends.Managed.Losses;

/// <summary>The loss end of the network's passes over a batch.</summary>
internal abstract unsafe class LossPasses<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// δ_i = c_i ∂ℓ/∂f and, where <paramref name="losses"/> is not null, losses_i = ℓ(f_i, y_i); <paramref name="probabilities"/> gets the
    /// softmax where the loss has one.
    /// </summary>
    public abstract void Evaluate(in LossRows<T> batch, T* probabilities, T* delta, double* losses);

    /// <summary>
    /// Along ḟ: δ̇_i = c_i (∂²ℓ/∂f²) ḟ, and the derivatives of ∂ℓ/∂y per number (<paramref name="targetTangent"/>) and of ℓ per row.
    /// </summary>
    public abstract void EvaluateTangent(
        in LossRows<T> batch, T* probabilities, T* outputTangent, T* deltaTangent, T* targetTangent, double* lossTangents);

    public static LossPasses<T> For(Loss loss) => loss switch
    {
        Loss.SoftmaxCrossEntropy => new SoftmaxCrossEntropyPasses<T>(),
        Loss.Squared => new SquaredPasses<T>(),
        _ => throw new ConfigurationException($"There is no loss {loss}."),
    };
}
