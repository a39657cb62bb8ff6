using System.Numerics;

namespace Hypergrad.Backends.Managed;

/// <summary>
/// What a Hessian-vector product found out about the examples of a microbatch: taken from the passes, which go on to the next one, and
/// added up when all microbatches are done.
/// </summary>
internal sealed class ExampleDerivatives<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private T[] inputs = [], targets = [], factors = [];
    private double[] weights = [];

    /// <summary>Takes what is gathered.</summary>
    /// <param name="network">The passes, after <see cref="NetworkPasses{T}.TangentBackward"/>.</param>
    /// <param name="gathered">Where it will be added.</param>
    public void Take(NetworkPasses<T> network, ManagedDataVector gathered)
    {
        if (gathered.HasInputs)
            Take(network.InputGradientTangent, ref inputs);
        if (gathered.HasTargets)
        {
            Take(network.TargetTangent, ref targets);
            Take(network.RowFactors, ref factors);
        }
        Take(network.LossTangents, ref weights);
    }

    /// <summary>Adds it to what is gathered.</summary>
    /// <param name="gathered">Of all examples.</param>
    /// <param name="replica">The replica.</param>
    /// <param name="examples">The examples of the microbatch.</param>
    /// <param name="batchSize">Examples of the minibatch.</param>
    public void AddTo(ManagedDataVector gathered, int replica, ReadOnlySpan<int> examples, int batchSize)
    {
        if (gathered.HasInputs)
            gathered.AddInputs<T>(replica, examples, inputs);
        if (gathered.HasTargets)
            gathered.AddTargets<T>(replica, examples, targets, factors);
        gathered.AddWeights(replica, examples, weights, batchSize);
    }

    private static void Take<TNumber>(ReadOnlySpan<TNumber> numbers, ref TNumber[] place)
    {
        if (place.Length != numbers.Length)
            place = new TNumber[numbers.Length];
        numbers.CopyTo(place);
    }
}
