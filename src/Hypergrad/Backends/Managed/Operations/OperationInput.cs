namespace Hypergrad.Backends.Managed.Operations;

/// <summary>A value that an operation reads.</summary>
/// <param name="Value">The value.</param>
/// <param name="AddsToAdjoint">
/// Whether the operation's backward passes add to the value's adjoint and to the adjoint's tangent, because an operation after it has
/// written them already; else they overwrite them.
/// </param>
internal readonly record struct OperationInput<T>(ManagedValue<T> Value, bool AddsToAdjoint) where T : unmanaged
{
    /// <summary>Whether the backward pass writes the value's adjoint.</summary>
    public bool WantsAdjoint => Value.DependsOnWeights;

    /// <summary>Whether the tangent of the backward pass writes the tangent of the value's adjoint.</summary>
    public bool WantsAdjointTangent(in PassContext<T> context) => Value.DependsOnWeights || context.WantsInputs;
}
