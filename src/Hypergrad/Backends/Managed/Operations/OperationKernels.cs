using System.Numerics;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>The kernels of this backend, one for each kind of operation.</summary>
internal static class OperationKernels
{
    /// <summary>Makes the kernel of an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="inputs">The values that it reads.</param>
    /// <param name="output">The value that it writes.</param>
    /// <param name="team">Who computes.</param>
    /// <param name="capacity">The most examples of a batch.</param>
    /// <param name="seed">The run's seed, for dropout.</param>
    public static OperationKernel<T> For<T>(
        Operation operation, OperationInput<T>[] inputs, ManagedValue<T> output, Team<T> team, int capacity, ulong seed)
        where T : unmanaged, IFloatingPointIeee754<T> => operation switch
        {
            Affine { Patches: null } affine => new AffineKernel<T>(affine, inputs[0], output, team, capacity),
            Activate activate => new ActivateKernel<T>(activate, inputs[0], output, team),
            _ => throw new ConfigurationException($"The managed backend has no kernel for a {operation.GetType().Name}."),
        };
}
