namespace Hypergrad.Networks;

/// <summary>The loss ℓ(f, y) of one example.</summary>
public enum Loss
{
    /// <summary>
    /// −Σ_c y_c log p_c with p = softmax(f), in nats. Targets may be any numbers; those of a distribution are the usual case.
    /// </summary>
    SoftmaxCrossEntropy,

    /// <summary>½‖f − y‖².</summary>
    Squared,
}
