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
        layers = Layer.All(settings.GetProperty("network"));
        var input = settings.GetProperty("input");
        InputSizes = input.TryGetProperty("shape", out var sizes)
            ? [.. sizes.EnumerateArray().Select(size => size.GetInt64())]
            : [input.GetProperty("length").GetInt64()];
        var shapes = new List<long[]>();
        // To the layers a token is a row of zeros with a one.
        long[] shape = input.TryGetProperty("tokens", out var vocabulary) ? [.. InputSizes, vocabulary.GetInt64()] : InputSizes;
        foreach (var layer in layers)
            shape = layer.AddShapes(shapes, shape);
        Shapes = [.. shapes];
    }

    /// <summary>Of an example as it is stored: numbers of a shape, or the numbers of its tokens.</summary>
    public long[] InputSizes { get; }

    /// <summary>The shape of each parameter tensor in the case's order, a layer's weights before its biases.</summary>
    public long[][] Shapes { get; }

    /// <summary>A tensor of parameters in LibTorch's order; kernels lie in memory with their channels last.</summary>
    public static Tensor FromCase(Tensor weights) =>
        weights.dim() == 4 ? weights.permute(3, 0, 1, 2).contiguous().permute(0, 3, 1, 2) : weights;

    /// <summary>A tensor of parameters in the case's order.</summary>
    public static Tensor ToCase(Tensor weights) => weights.dim() == 4 ? weights.permute(2, 3, 1, 0).contiguous() : weights;

    /// <summary>The mean cross-entropy of examples.</summary>
    public Tensor LossOf(Tensor[] weights, Tensor x, Tensor labels) =>
        functional.cross_entropy(Through(layers, new(weights), x), labels);

    // Layers take their weights one after the other.
    private static Tensor Through(Layer[] layers, Queue<Tensor> weights, Tensor x)
    {
        foreach (var layer in layers)
        {
            x = Of(layer, weights, x);
            // In place where what they are given is kept by no one.
            x = layer.Activation switch { "tanh" => x.tanh_(), "relu" => x.relu_(), "gelu" => functional.gelu(x), _ => x };
        }
        return x;
    }

    private static Tensor Of(Layer layer, Queue<Tensor> weights, Tensor x)
    {
        Tensor Next() => weights.Dequeue();
        switch (layer.Kind)
        {
            case "dense":
                return Affine(x, Next(), Next());
            case "embedding":
                return Next().index_select(0, x.to(ScalarType.Int64).flatten()).reshape([.. x.shape, -1]);
            case "convolution":
                return functional.conv2d(x, Next(), Next(), padding: [layer.Padding, layer.Padding]);
            case "maxPool":
                return functional.max_pool2d(x, layer.Size);
            case "flatten":
                // The case's order of features: channels last.
                return x.permute(0, 2, 3, 1).flatten(1);
            case "globalAveragePool":
                return x.mean(x.dim() == 4 ? [2, 3] : [1]);
            case "layerNorm":
                return functional.layer_norm(x, [x.shape[^1]], Next(), Next());
            case "groupNorm":
                return functional.group_norm(x, layer.Groups, Next(), Next());
            case "positions":
                return x + Next();
            case "attention":
                return Attention(layer.Heads, weights, x);
            case "residual":
                return x + Through(layer.Body, weights, x);
            default:
                return x;
        }
    }

    private static Tensor Affine(Tensor x, Tensor weight, Tensor bias) =>
        x.dim() == 2 ? addmm(bias, x, weight, beta: 1, alpha: 1) : functional.linear(x, weight.t(), bias);

    // The fused kernels have no second derivatives.
    private static Tensor Attention(long heads, Queue<Tensor> weights, Tensor x)
    {
        Tensor Project() => Affine(x, weights.Dequeue(), weights.Dequeue()).unflatten(2, heads, -1).transpose(1, 2);
        Tensor query = Project(), key = Project(), value = Project();
        var scores = query.matmul(key.transpose(2, 3)) / Math.Sqrt(query.shape[^1]);
        var mixed = functional.softmax(scores, -1).matmul(value);
        return Affine(mixed.transpose(1, 2).flatten(2), weights.Dequeue(), weights.Dequeue());
    }

    private sealed class Layer(JsonElement given)
    {
        public string Kind { get; } = given.GetProperty("layer").GetString()!;

        public long Units { get; } = Number(given, "units") + Number(given, "channels");

        public long Width { get; } = Number(given, "width");

        public long Kernel { get; } = Number(given, "kernel");

        public long Padding { get; } = Number(given, "padding");

        public long Size { get; } = Number(given, "size");

        public long Groups { get; } = Number(given, "groups");

        public long Heads { get; } = Number(given, "heads");

        public string? Activation { get; } = given.TryGetProperty("activation", out var name) ? name.GetString() : null;

        public Layer[] Body { get; } = given.TryGetProperty("body", out var body) ? All(body) : [];

        public static Layer[] All(JsonElement layers) => [.. layers.EnumerateArray().Select(layer => new Layer(layer))];

        // Adds the shapes of its parameters, and says what it makes of a shape.
        public long[] AddShapes(List<long[]> shapes, long[] shape)
        {
            long channels = shape[^1];
            switch (Kind)
            {
                case "dense":
                    shapes.AddRange([channels, Units], [Units]);
                    return [.. shape[..^1], Units];
                case "embedding":
                    shapes.Add([channels, Width]);
                    return [.. shape[..^1], Width];
                case "convolution":
                    shapes.AddRange([Kernel, Kernel, channels, Units], [Units]);
                    return [shape[0] + 2 * Padding - Kernel + 1, shape[1] + 2 * Padding - Kernel + 1, Units];
                case "maxPool":
                    return [shape[0] / Size, shape[1] / Size, channels];
                case "flatten":
                    return [shape.Aggregate(1L, (product, size) => product * size)];
                case "globalAveragePool":
                    return [channels];
                case "activation":
                    return shape;
                case "groupNorm" or "layerNorm":
                    shapes.AddRange([channels], [channels]);
                    return shape;
                case "positions":
                    shapes.Add(shape);
                    return shape;
                case "attention":
                    for (int map = 0; map < 4; map++)
                        shapes.AddRange([channels, channels], [channels]);
                    return shape;
                case "residual":
                    return Body.Aggregate(shape, (now, layer) => layer.AddShapes(shapes, now));
                default:
                    throw new NotSupportedException($"There is no layer {Kind} here.");
            }
        }

        private static long Number(JsonElement layer, string name) => layer.TryGetProperty(name, out var value) ? value.GetInt64() : 0;
    }
}
