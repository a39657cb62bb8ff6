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

    public ManagedDataVector(Dataset data, RawParts parts, int replicas)
    {
        (inputSize, targetSize, examples) = (data.InputSize, data.TargetSize, data.Count);
        if (parts.HasFlag(RawParts.Inputs))
            inputs = new((long)replicas * examples * inputSize);
        if (parts.HasFlag(RawParts.Targets))
            targets = new((long)replicas * examples * targetSize);
        if (parts.HasFlag(RawParts.ExampleWeights))
            weights = new((long)replicas * examples);
    }

    /// <summary>Whether dX is gathered.</summary>
    public bool HasInputs => inputs is not null;

    /// <summary>dX −= tangent, row by row of the batch.</summary>
    public void SubtractInputs<T>(int replica, ReadOnlySpan<int> batch, ReadOnlySpan<T> tangents) where T : struct, INumberBase<T>
    {
        if (inputs is not null)
            Subtract(inputs, replica, inputSize, batch, tangents, []);
    }

    /// <summary>dY −= c · tangent, row by row of the batch.</summary>
    public void SubtractTargets<T>(int replica, ReadOnlySpan<int> batch, ReadOnlySpan<T> tangents, ReadOnlySpan<T> factors)
        where T : struct, INumberBase<T>
    {
        if (targets is not null)
            Subtract(targets, replica, targetSize, batch, tangents, factors);
    }

    /// <summary>dω −= ℓ̇ / B, row by row of the batch.</summary>
    public void SubtractWeights(int replica, ReadOnlySpan<int> batch, ReadOnlySpan<double> lossTangents)
    {
        if (weights is null)
            return;
        for (int row = 0; row < batch.Length; row++)
            weights.Pointer[(long)replica * examples + batch[row]] -= lossTangents[row] / batch.Length;
    }

    public double[]? ToArray(RawParts part, int replica)
    {
        var (buffer, size) = part switch
        {
            RawParts.Inputs => (inputs, inputSize),
            RawParts.Targets => (targets, targetSize),
            RawParts.ExampleWeights => (weights, 1),
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Ask for inputs, targets or example weights."),
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

    // An example that the batch holds twice is subtracted from twice, in the order of the rows.
    private void Subtract<T>(
        NativeBuffer<double> target, int replica, int size, ReadOnlySpan<int> batch, ReadOnlySpan<T> tangents, ReadOnlySpan<T> factors)
        where T : struct, INumberBase<T>
    {
        for (int row = 0; row < batch.Length; row++)
        {
            double* at = target.Pointer + ((long)replica * examples + batch[row]) * size;
            double factor = factors.IsEmpty ? 1 : double.CreateTruncating(factors[row]);
            for (int i = 0; i < size; i++)
                at[i] -= factor * double.CreateTruncating(tangents[row * size + i]);
        }
    }
}
