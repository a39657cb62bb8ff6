using System.Text.Json;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Hypergrad.TorchPeer;

/// <summary>A case's network by LibTorch, as bench/peers/torch_network.py has it in Python.</summary>
internal sealed class Network
{
    private readonly Layer[] layers;

    /// <summary>Reads it.</summary>
    /// <param name="settings">The case.</param>
    public Network(JsonElement settings)
    {
        layers = [.. settings.GetProperty("network").EnumerateArray().Select(layer => new Layer(layer))];
        long[] shape = [.. settings.GetProperty("input").GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        var shapes = new List<long[]>();
        foreach (var layer in layers)
        {
            if (layer.Kind == "dense")
                shapes.AddRange([shape[^1], layer.Units], [layer.Units]);
            else if (layer.Kind == "convolution")
                shapes.AddRange([layer.Kernel, layer.Kernel, shape[2], layer.Units], [layer.Units]);
            shape = layer.ShapeAfter(shape);
        }
        Shapes = [.. shapes];
    }

    /// <summary>The shape of each parameter tensor in the case's order, a layer's weights before its biases.</summary>
    public long[][] Shapes { get; }

    /// <summary>A tensor of parameters in LibTorch's order; kernels lie in memory with their channels last.</summary>
    public static Tensor FromCase(Tensor weights) =>
        weights.dim() == 4 ? weights.permute(3, 0, 1, 2).contiguous().permute(0, 3, 1, 2) : weights;

    /// <summary>A tensor of parameters in the case's order.</summary>
    public static Tensor ToCase(Tensor weights) => weights.dim() == 4 ? weights.permute(2, 3, 1, 0).contiguous() : weights;

    /// <summary>The mean cross-entropy of examples.</summary>
    public Tensor LossOf(Tensor[] weights, Tensor x, Tensor labels)
    {
        int parameter = 0;
        foreach (var layer in layers)
        {
            x = layer.Kind switch
            {
                "dense" => addmm(weights[parameter + 1], x, weights[parameter], beta: 1, alpha: 1),
                "convolution" => functional.conv2d(x, weights[parameter], weights[parameter + 1], padding: [layer.Padding, layer.Padding]),
                "maxPool" => functional.max_pool2d(x, layer.Size),
                // The case's order of features: channels last.
                _ => x.permute(0, 2, 3, 1).flatten(1),
            };
            if (layer.Units > 0)
                parameter += 2;
            // In place: what they are given is kept by no one.
            x = layer.Activation switch { "tanh" => x.tanh_(), "relu" => x.relu_(), _ => x };
        }
        return functional.cross_entropy(x, labels);
    }

    private sealed class Layer(JsonElement given)
    {
        public string Kind { get; } = given.GetProperty("layer").GetString()!;

        public long Units { get; } = Number(given, "units") + Number(given, "channels");

        public long Kernel { get; } = Number(given, "kernel");

        public long Padding { get; } = Number(given, "padding");

        public long Size { get; } = Number(given, "size");

        public string? Activation { get; } = given.TryGetProperty("activation", out var name) ? name.GetString() : null;

        public long[] ShapeAfter(long[] shape) => Kind switch
        {
            "dense" => [.. shape[..^1], Units],
            "convolution" => [shape[0] + 2 * Padding - Kernel + 1, shape[1] + 2 * Padding - Kernel + 1, Units],
            "maxPool" => [shape[0] / Size, shape[1] / Size, shape[2]],
            "flatten" => [shape.Aggregate(1L, (product, size) => product * size)],
            _ => throw new NotSupportedException($"There is no layer {Kind} here."),
        };

        private static long Number(JsonElement layer, string name) => layer.TryGetProperty(name, out var value) ? value.GetInt64() : 0;
    }
}
