using System.Numerics;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Backends.Managed.Passes.Activations;
using Hypergrad.Backends.Managed.Products;
using Hypergrad.Data;
using Hypergrad.Networks;

namespace Hypergrad.Backends.Managed.Passes;

/// <summary>
/// The forward and the backward pass of a network over one batch. For layer l with input a, weights W, b:
/// z = aW + b, a′ = φ(z); and back, ∂W = aᵀδ, ∂b = Σ δ, e = δWᵀ, δ = e ∘ φ′(z).
/// </summary>
internal sealed unsafe partial class MlpPasses<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Mlp model;
    private readonly Workers workers;
    private readonly ProductWorkspace<T> workspace;
    private readonly ActivationPasses<T> activation;
    private readonly LossPasses<T> loss;
    private readonly LayerBuffers<T>[] layers;
    private readonly NativeBuffer<T> inputs, targets, factors, probabilities;
    private readonly NativeBuffer<double> losses;
    private int rows;

    /// <summary>Makes room for batches.</summary>
    /// <param name="model">The network.</param>
    /// <param name="capacity">The most examples a batch will have.</param>
    /// <param name="workers">Who shares the work.</param>
    public MlpPasses(Mlp model, int capacity, Workers workers)
    {
        this.model = model;
        this.workers = workers;
        Capacity = capacity;
        workspace = new ProductWorkspace<T>(workers.Threads);
        activation = ActivationPasses<T>.For(model.Activation);
        loss = LossPasses<T>.For(model.Loss);
        layers = new LayerBuffers<T>[model.Depth];
        for (int layer = 0; layer < model.Depth; layer++)
            layers[layer] = new(capacity, model.Layers[layer + 1], activation.KeepsInput && layer < model.Depth - 1);
        inputs = new((long)capacity * model.InputSize);
        targets = new((long)capacity * model.OutputSize);
        probabilities = new((long)capacity * model.OutputSize);
        factors = new(capacity);
        losses = new(capacity);
    }

    /// <summary>The most examples a batch may have.</summary>
    public int Capacity { get; }

    /// <summary>ℓ of each example of the batch, after <see cref="EvaluateLoss"/>.</summary>
    public ReadOnlySpan<double> Losses => new(losses.Pointer, rows);

    /// <summary>c of each example of the batch, as <see cref="Load"/> was told.</summary>
    public Span<T> Factors => new(factors.Pointer, rows);

    private int Last => model.Depth - 1;

    /// <summary>Gathers a batch. The caller then fills <see cref="Factors"/>.</summary>
    public void Load(Dataset data, ReadOnlyMemory<int> examples)
    {
        const int chunk = 32;
        rows = examples.Length;
        workers.For((rows + chunk - 1) / chunk, part =>
        {
            var wanted = examples.Span;
            for (int row = part * chunk; row < Math.Min(rows, (part + 1) * chunk); row++)
            {
                data.Inputs.CopyRow(wanted[row], new Span<T>(inputs.Pointer + (long)row * model.InputSize, model.InputSize));
                data.Targets.CopyRow(wanted[row], new Span<T>(targets.Pointer + (long)row * model.OutputSize, model.OutputSize));
            }
        });
    }

    /// <summary>Forward through all layers.</summary>
    public void Forward(T* weights)
    {
        for (int layer = 0; layer < model.Depth; layer++)
        {
            var buffers = layers[layer];
            Rows.Broadcast(weights + model.Bias(layer).Offset, buffers.Input, rows, buffers.Units);
            Multiply(
                InputOf(layer), false, weights + model.Weight(layer).Offset, false, buffers.Input,
                rows, buffers.Units, model.Layers[layer], true);
            if (layer < Last)
                ForEachChunk(buffers, (start, count) => activation.Forward(buffers.Input + start, buffers.Value + start, count));
        }
    }

    /// <summary>The losses and the last layer's δ.</summary>
    public void EvaluateLoss() => loss.Evaluate(LossRows, probabilities.Pointer, layers[Last].Delta, losses.Pointer);

    /// <summary>How many examples of the batch have their largest output elsewhere than their largest target.</summary>
    public int CountErrors()
    {
        int errors = 0;
        for (int row = 0; row < rows; row++)
        {
            var outputs = new ReadOnlySpan<T>(layers[Last].Value + (long)row * model.OutputSize, model.OutputSize);
            var wanted = new ReadOnlySpan<T>(targets.Pointer + (long)row * model.OutputSize, model.OutputSize);
            if (Rows.IndexOfLargest(outputs) != Rows.IndexOfLargest(wanted))
                errors++;
        }
        return errors;
    }

    /// <summary>Backward through all layers.</summary>
    /// <param name="weights">w, as in <see cref="Forward"/>.</param>
    /// <param name="gradient">Gets ∂L/∂w.</param>
    /// <param name="accumulate">Whether it is added to what is there.</param>
    public void Backward(T* weights, T* gradient, bool accumulate)
    {
        for (int layer = Last; layer >= 0; layer--)
        {
            var buffers = layers[layer];
            Multiply(
                InputOf(layer), true, buffers.Delta, false, gradient + model.Weight(layer).Offset,
                model.Layers[layer], buffers.Units, rows, accumulate);
            Rows.Sum(buffers.Delta, gradient + model.Bias(layer).Offset, rows, buffers.Units, accumulate);
            if (layer == 0)
                break;
            var below = layers[layer - 1];
            Multiply(
                buffers.Delta, false, weights + model.Weight(layer).Offset, true, below.Upstream,
                rows, below.Units, buffers.Units, false);
            ForEachChunk(below, (start, count) =>
                activation.Backward(below.Input + start, below.Value + start, below.Upstream + start, below.Delta + start, count));
        }
    }

    public void Dispose()
    {
        foreach (var buffers in layers)
            buffers.Dispose();
        foreach (var buffer in new[] { inputs, targets, factors, probabilities, inputGradientTangent, targetTangent })
            buffer?.Dispose();
        losses.Dispose();
        lossTangents?.Dispose();
        workspace.Dispose();
    }

    private LossRows<T> LossRows => new()
    {
        Outputs = layers[Last].Value,
        Targets = targets.Pointer,
        Factors = factors.Pointer,
        Rows = rows,
        Columns = model.OutputSize,
    };

    private T* InputOf(int layer) => layer == 0 ? inputs.Pointer : layers[layer - 1].Value;

    private void Multiply(T* a, bool transposeA, T* b, bool transposeB, T* c, int m, int n, int k, bool accumulate) =>
        MatrixProduct.Multiply(a, transposeA, b, transposeB, c, m, n, k, accumulate, workspace, workers);

    // The chunks are the same whatever the number of threads.
    private void ForEachChunk(LayerBuffers<T> buffers, Action<long, int> body)
    {
        const int chunk = 16384;
        long count = (long)rows * buffers.Units;
        workers.For((int)((count + chunk - 1) / chunk), part =>
        {
            long start = (long)part * chunk;
            body(start, (int)Math.Min(chunk, count - start));
        });
    }
}
