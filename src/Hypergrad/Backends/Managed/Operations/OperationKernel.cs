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

    /// <inheritdoc/>
    public virtual void Dispose() { }
}
