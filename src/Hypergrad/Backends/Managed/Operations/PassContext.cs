namespace Hypergrad.Backends.Managed.Operations;

/// <summary>What the passes over one batch have in common.</summary>
internal unsafe struct PassContext<T> where T : unmanaged
{
    /// <summary>The place of the first example in the minibatch of which this is a part.</summary>
    public int FirstRow;

    /// <summary>Examples in the batch.</summary>
    public int Batch;

    /// <summary>w, [weights].</summary>
    public T* Weights;

    /// <summary>∂L/∂w, [weights], where the backward pass writes.</summary>
    public T* Gradient;

    /// <summary>Whether the backward pass adds to the gradient instead of overwriting it.</summary>
    public bool Accumulate;

    /// <summary>u, [weights].</summary>
    public T* Direction;

    /// <summary>Hu, [weights], which the tangent of the backward pass overwrites.</summary>
    public T* HessianProduct;

    /// <summary>Whether the derivatives of ∂L/∂x along u are wanted, x being the network's input.</summary>
    public bool WantsInputs;

    /// <summary>Whether it is training: dropout drops.</summary>
    public bool IsTraining;

    /// <summary>The training step, for dropout masks.</summary>
    public int Step;

    /// <summary>Which of the runs trained side by side.</summary>
    public int Replica;
}
