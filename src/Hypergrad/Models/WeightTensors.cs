using System.Globalization;
using Hypergrad.Networks;
using Hypergrad.Wording;

namespace Hypergrad.Models;

/// <summary>
/// The weights of a model's networks as named tensors and back. A single network's are named as the network names them, W1, b1; those of
/// an ensemble have the replica before, 0.W1.
/// </summary>
internal static class WeightTensors
{
    /// <summary>The tensors of all replicas.</summary>
    /// <exception cref="ConfigurationException">A weight is not finite.</exception>
    public static IReadOnlyList<NamedTensor> Of(Network network, IReadOnlyList<float[]> replicas) =>
        [.. replicas.SelectMany((weights, replica) => network.Tensors.Select(tensor => new NamedTensor(
            NameOf(tensor, replica, replicas.Count), SizesOf(tensor), Finite(weights, tensor))))];

    private static float[] Finite(float[] weights, ParameterTensor tensor)
    {
        var values = weights.AsSpan(tensor.Offset, tensor.Count).ToArray();
        int bad = Array.FindIndex(values, value => !float.IsFinite(value));
        return bad < 0 ? values : throw new ConfigurationException(
            $"Weight {bad} of {tensor.Name} is {values[bad]} in single precision; a model of it could not predict. "
                + "Train it again otherwise.");
    }

    /// <summary>The weights of all replicas, [weights] each.</summary>
    /// <exception cref="DataException">A tensor is missing, too many, or of another shape than the network has it.</exception>
    public static IReadOnlyList<float[]> ToReplicas(Network network, int replicas, IReadOnlyList<NamedTensor> tensors)
    {
        if (tensors.Count != (long)replicas * network.Tensors.Count)
            throw new DataException($"there are {tensors.Count} tensors, and {replicas} {(replicas == 1 ? "network" : "networks")} of "
                + $"{network.Tensors.Count} each take {(long)replicas * network.Tensors.Count}.");
        var byName = tensors.ToDictionary(tensor => tensor.Name);
        return [.. Enumerable.Range(0, replicas).Select(replica => Gather(network, replica, replicas, byName))];
    }

    private static float[] Gather(Network network, int replica, int replicas, Dictionary<string, NamedTensor> byName)
    {
        var parts = new List<(int Offset, float[] Values)>();
        foreach (var tensor in network.Tensors)
        {
            string name = NameOf(tensor, replica, replicas);
            int[] sizes = SizesOf(tensor);
            if (!byName.TryGetValue(name, out var found))
                throw new DataException($"there is no tensor {name}, which the network has.");
            if (!found.Sizes.AsSpan().SequenceEqual(sizes))
                throw new DataException($"the tensor {name} has the shape {Quoted.Name(string.Join('×', found.Sizes))}, and the network's "
                    + $"has {string.Join('×', sizes)}.");
            parts.Add((tensor.Offset, found.Values));
        }
        var weights = new float[network.ParameterCount];
        foreach (var (offset, values) in parts)
            values.CopyTo(weights, offset);
        return weights;
    }

    private static string NameOf(ParameterTensor tensor, int replica, int replicas) =>
        replicas == 1 ? tensor.Name : $"{replica.ToString(CultureInfo.InvariantCulture)}.{tensor.Name}";

    private static int[] SizesOf(ParameterTensor tensor) => tensor.Kernel is { } kernel
        ? [kernel.Height, kernel.Width, tensor.Rows / (kernel.Height * kernel.Width), tensor.Columns]
        : tensor.Role is ParameterRole.Bias or ParameterRole.Scale or ParameterRole.Shift ? [tensor.Count] : [tensor.Rows, tensor.Columns];
}
