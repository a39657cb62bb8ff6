using System.Numerics;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Backends.Managed;

/// <summary>Where dX, dY and dω are gathered, in doubles: an example's many small contributions must not drown each other.</summary>
internal sealed unsafe class ManagedDataVector : IDataVector
{
    private readonly NativeBuffer<double>? inputs, targets, weights;
    private readonly int inputSize, targetSize, examples;

    public ManagedDataVector(Dataset data, IReadOnlyCollection<Quantity> quantities, int replicas)
    {
        (inputSize, targetSize, examples) = (data.InputSize, data.TargetSize, data.Count);
        if (quantities.Contains(Quantity.Inputs))
            inputs = new((long)replicas * examples * inputSize);
        if (quantities.Contains(Quantity.Targets))
            targets = new((long)replicas * examples * targetSize);
        if (quantities.Contains(Quantity.ExampleWeights))
            weights = new((long)replicas * examples);
    }

    /// <summary>Whether dX is gathered.</summary>
    public bool HasInputs => inputs is not null;

    /// <summary>Whether dY is gathered.</summary>
    public bool HasTargets => targets is not null;

    /// <summary>dX += tangent, row by row of the batch.</summary>
    public void AddInputs<T>(int replica, ReadOnlySpan<int> batch, ReadOnlySpan<T> tangents) where T : struct, INumberBase<T>
    {
        if (inputs is not null)
            Add(inputs, replica, inputSize, batch, tangents, []);
    }

    /// <summary>dY += c · tangent, row by row of the batch.</summary>
    public void AddTargets<T>(int replica, ReadOnlySpan<int> batch, ReadOnlySpan<T> tangents, ReadOnlySpan<T> factors)
        where T : struct, INumberBase<T>
    {
        if (targets is not null)
            Add(targets, replica, targetSize, batch, tangents, factors);
    }

    /// <summary>dω += ℓ̇ / B, row by row of the batch, or of a part of it.</summary>
    public void AddWeights(int replica, ReadOnlySpan<int> batch, ReadOnlySpan<double> lossTangents, int batchSize)
    {
        if (weights is null)
            return;
        for (int row = 0; row < batch.Length; row++)
            weights.Pointer[(long)replica * examples + batch[row]] += lossTangents[row] / batchSize;
    }

    public double[]? ToArray(Quantity quantity, int replica)
    {
        var (buffer, size) = quantity.Shape switch
        {
            QuantityShape.Inputs => (inputs, inputSize),
            QuantityShape.Targets => (targets, targetSize),
            QuantityShape.Examples => (weights, 1),
            _ => throw new ArgumentOutOfRangeException(nameof(quantity), quantity, "Ask for inputs, targets or example weights."),
        };
        if (buffer is null)
            return null;
        int count = checked(examples * size);
        return new ReadOnlySpan<double>(buffer.Pointer + (long)replica * count, count).ToArray();
    }

    public void Dispose()
    {
        inputs?.Dispose();
        targets?.Dispose();
        weights?.Dispose();
    }

    // An example that the batch holds twice is added to twice, in the order of the rows.
    private void Add<T>(
        NativeBuffer<double> target, int replica, int size, ReadOnlySpan<int> batch, ReadOnlySpan<T> tangents, ReadOnlySpan<T> factors)
        where T : struct, INumberBase<T>
    {
        for (int row = 0; row < batch.Length; row++)
        {
            double* at = target.Pointer + ((long)replica * examples + batch[row]) * size;
            double factor = factors.IsEmpty ? 1 : double.CreateTruncating(factors[row * (factors.Length / batch.Length)]);
            for (int i = 0; i < size; i++)
                at[i] += factor * double.CreateTruncating(tangents[row * size + i]);
        }
    }
}
