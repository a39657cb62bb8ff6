using System.Runtime.InteropServices;
using System.Text.Json;
using static TorchSharp.torch;

namespace Hypergrad.TorchPeer;

/// <summary>A case of bench/peers/case.py as LibTorch's tensors.</summary>
internal sealed class Case
{
    private readonly string folder;
    private readonly JsonElement settings;

    /// <summary>Reads it.</summary>
    /// <param name="folder">Where case.json and the arrays are.</param>
    public Case(string folder)
    {
        this.folder = folder;
        settings = JsonElement.Parse(File.ReadAllText(Path.Combine(folder, "case.json")));
        long[] layers = [.. settings.GetProperty("layers").EnumerateArray().Select(layer => layer.GetInt64())];
        Shapes = [.. layers.Zip(layers.Skip(1)).SelectMany(layer => (long[][])[[layer.First, layer.Second], [layer.Second]])];
        (Steps, Rounds) = (settings.GetProperty("steps").GetInt32(), settings.GetProperty("rounds").GetInt32());
        (Inputs, Labels) = (Floats("inputs", -1, layers[0]), Classes("labels"));
        (ValidationInputs, ValidationLabels) = (Floats("validationInputs", -1, layers[0]), Classes("validationLabels"));
        Batches = [.. Classes("batches").reshape(Steps, -1).unbind(0)];
        Start = [.. Floats("start", -1).split([.. Shapes.Select(shape => shape.Aggregate(1L, (product, size) => product * size))])
            .Zip(Shapes, (values, shape) => values.reshape(shape))];
    }

    /// <summary>The shape of each parameter tensor, a layer's weights before its biases.</summary>
    public long[][] Shapes { get; }

    /// <summary>Training steps.</summary>
    public int Steps { get; }

    /// <summary>Timed runs.</summary>
    public int Rounds { get; }

    /// <summary>Training inputs, [examples × features].</summary>
    public Tensor Inputs { get; }

    /// <summary>Their classes.</summary>
    public Tensor Labels { get; }

    /// <summary>Validation inputs, [examples × features].</summary>
    public Tensor ValidationInputs { get; }

    /// <summary>Their classes.</summary>
    public Tensor ValidationLabels { get; }

    /// <summary>The examples of each step's minibatch.</summary>
    public Tensor[] Batches { get; }

    /// <summary>The weights before the first step, a tensor for each shape.</summary>
    public Tensor[] Start { get; }

    /// <summary>A number of case.json.</summary>
    /// <param name="name">Its field.</param>
    public float Setting(string name) => settings.GetProperty(name).GetSingle();

    private Tensor Floats(string name, params long[] shape) => tensor(Read<float>(name)).reshape(shape);

    private Tensor Classes(string name) => tensor(Read<int>(name)).to(ScalarType.Int64);

    private T[] Read<T>(string name) where T : struct =>
        MemoryMarshal.Cast<byte, T>(File.ReadAllBytes(Path.Combine(folder, name + ".bin"))).ToArray();
}
