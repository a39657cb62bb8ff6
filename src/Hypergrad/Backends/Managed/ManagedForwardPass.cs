using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Data;
using Hypergrad.Networks;

namespace Hypergrad.Backends.Managed;

/// <summary>The forward pass in single precision, batch by batch.</summary>
internal sealed unsafe class ManagedForwardPass : IForwardPass
{
    // Enough rows to keep a product busy.
    private const int Capacity = 128;

    private readonly Network network;
    private readonly NetworkPasses<float> passes;
    private readonly NativeBuffer<float> aligned;

    public ManagedForwardPass(Network network, Workers workers)
    {
        this.network = network;
        passes = new(network, Capacity, workers, seed: 1);
        aligned = new(network.ParameterCount);
    }

    public void Evaluate(ReadOnlySpan<float> weights, Table inputs, Span<float> outputs, CancellationToken cancellation = default)
    {
        weights.CopyTo(new Span<float>(aligned.Pointer, network.ParameterCount));
        int size = network.OutputShape.Count;
        for (int start = 0; start < inputs.Rows; start += Capacity)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(Capacity, inputs.Rows - start);
            passes.LoadInputs(inputs, start, count);
            passes.Forward(new Operations.PassContext<float> { Batch = count, Weights = aligned.Pointer });
            passes.Outputs.CopyTo(outputs[(start * size)..]);
        }
    }

    public void Dispose()
    {
        passes.Dispose();
        aligned.Dispose();
    }
}
