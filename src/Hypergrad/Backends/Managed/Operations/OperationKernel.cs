namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// The four passes of one operation of a program: forward, backward, and the tangents of both along a direction of the weights (Pearlmutter
/// 1994). Results do not depend on the number of threads.
/// </summary>
internal abstract class OperationKernel<T> : IDisposable where T : unmanaged
{
    /// <summary>Writes the output's value.</summary>
    public abstract void Forward(in PassContext<T> context);

    /// <summary>From the output's adjoint: the adjoints of the inputs that want one, and the gradient of the parameters.</summary>
    public abstract void Backward(in PassContext<T> context);

    /// <summary>Writes the output's tangent. Inputs that do not depend on weights have the tangent 0.</summary>
    public abstract void TangentForward(in PassContext<T> context);

    /// <summary>
    /// From the tangent of the output's adjoint (which may be overwritten): that of the inputs that want one, and the Hessian product of
    /// the parameters.
    /// </summary>
    public abstract void TangentBackward(in PassContext<T> context);

    /// <summary>
    /// Forward, and its tangent at once. After this comes <see cref="BackwardWithTangent"/>, and until then the operation may keep what
    /// that needs in place of what the passes one by one would need.
    /// </summary>
    public virtual void ForwardWithTangent(in PassContext<T> context)
    {
        Forward(context);
        TangentForward(context);
    }

    /// <summary>
    /// The tangent of forward where the values of an earlier <see cref="Forward"/> are still there; after it, too, comes
    /// <see cref="BackwardWithTangent"/>.
    /// </summary>
    public virtual void TangentForwardOfKept(in PassContext<T> context) => TangentForward(context);

    /// <summary>Backward, and its tangent at once; the output's adjoint may be overwritten too.</summary>
    public virtual void BackwardWithTangent(in PassContext<T> context)
    {
        Backward(context);
        TangentBackward(context);
    }

    /// <inheritdoc/>
    public virtual void Dispose() { }
}
