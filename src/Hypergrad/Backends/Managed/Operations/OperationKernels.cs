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
    /// <param name="lasting">What of an evaluation lasts until its tangent is taken.</param>
    public static OperationKernel<T> For<T>(
        Operation operation, OperationInput<T>[] inputs, ManagedValue<T> output, Team<T> team, int capacity, ulong seed,
        Lasting lasting)
        where T : unmanaged, IFloatingPointIeee754<T> => operation switch
        {
            Affine affine => new AffineKernel<T>(affine, inputs[0], output, team, capacity, lasting),
            Activate activate => new ActivateKernel<T>(activate, inputs[0], output, team),
            Pool pool => new PoolKernel<T>(pool, inputs[0], output, team, capacity),
            Add => new AddKernel<T>(inputs[0], inputs[1], output, team),
            AddParameter added => new AddParameterKernel<T>(added, inputs[0], output, team),
            Normalize normalize => new NormalizeKernel<T>(normalize, inputs[0], output, team, capacity),
            Embed embed => new EmbedKernel<T>(embed, inputs[0], output, team),
            BatchedProduct product => new BatchedProductKernel<T>(product, inputs[0], inputs[1], output, team),
            RowSoftmax softmax => new RowSoftmaxKernel<T>(softmax, inputs[0], output, team),
            DropUnits drop => new DropUnitsKernel<T>(drop, inputs[0], output, team, capacity, seed),
            _ => throw new ConfigurationException($"The managed backend has no kernel for the operation {operation.GetType().Name}."),
        };
}
