using System.Runtime.InteropServices;
using System.Text.Json;
using static TorchSharp.torch;

namespace Hypergrad.TorchPeer;

/// <summary>
/// A case of bench/peers/case.py as LibTorch's tensors: images [channels, height, width] and kernels [channels, input channels, height,
/// width], both in memory with their channels last.
/// </summary>
internal sealed class Case
{
    private readonly string folder;
    private readonly JsonElement settings;

    /// <summary>Reads it.</summary>
    /// <param name="folder">Where case.json and the arrays are.</param>
    /// <param name="precision">The type of its numbers here.</param>
    public Case(string folder, ScalarType precision)
    {
        (this.folder, Precision) = (folder, precision);
        settings = JsonElement.Parse(File.ReadAllText(Path.Combine(folder, "case.json")));
        (Steps, Rounds) = (settings.GetProperty("steps").GetInt32(), settings.GetProperty("rounds").GetInt32());
        Network = new(settings);
        (Inputs, Labels) = (Examples("inputs"), Classes("labels"));
        (ValidationInputs, ValidationLabels) = (Examples("validationInputs"), Classes("validationLabels"));
        Batches = [.. Classes("batches").reshape(Steps, -1).unbind(0)];
        Start = [.. Floats("start", -1).split([.. Network.Shapes.Select(shape => shape.Aggregate(1L, (product, size) => product * size))])
            .Zip(Network.Shapes, (values, shape) => Network.FromCase(values.reshape(shape)))];
    }

    /// <summary>The type of its numbers.</summary>
    public ScalarType Precision { get; }

    /// <summary>Its network.</summary>
    public Network Network { get; }

    /// <summary>Training steps.</summary>
    public int Steps { get; }

    /// <summary>Timed runs.</summary>
    public int Rounds { get; }

    /// <summary>Training inputs, [examples × features], [examples × tokens] or [examples × channels × height × width].</summary>
    public Tensor Inputs { get; }

    /// <summary>Their classes.</summary>
    public Tensor Labels { get; }

    /// <summary>Validation inputs, as the training inputs are.</summary>
    public Tensor ValidationInputs { get; }

    /// <summary>Their classes.</summary>
    public Tensor ValidationLabels { get; }

    /// <summary>The examples of each step's minibatch.</summary>
    public Tensor[] Batches { get; }

    /// <summary>The weights before the first step, a tensor for each shape.</summary>
    public Tensor[] Start { get; }

    /// <summary>The L2 of every weight.</summary>
    public double L2 => settings.GetProperty("l2").GetDouble();

    /// <summary>The ε of AdamW; null of momentum.</summary>
    public double? Epsilon => settings.GetProperty("optimizer").TryGetProperty("epsilon", out var epsilon) ? epsilon.GetDouble() : null;

    /// <summary>The optimizer's numbers, each of which has a gradient at every step and tensor, in the order of answers.</summary>
    public (string Name, double Value)[] Quantities => [.. settings.GetProperty("optimizer").EnumerateObject()
        .Where(number => number.Name is not ("name" or "epsilon")).Select(number => (number.Name, number.Value.GetDouble()))];

    private Tensor Examples(string name)
    {
        long[] shape = Network.InputSizes;
        var rows = Floats(name, [-1, .. shape]);
        return shape.Length == 3 ? rows.permute(0, 3, 1, 2) : rows;
    }

    private Tensor Floats(string name, params long[] shape) => tensor(Read<float>(name)).to(Precision).reshape(shape);

    private Tensor Classes(string name) => tensor(Read<int>(name)).to(ScalarType.Int64);

    private T[] Read<T>(string name) where T : struct =>
        MemoryMarshal.Cast<byte, T>(File.ReadAllBytes(Path.Combine(folder, name + ".bin"))).ToArray();
}
