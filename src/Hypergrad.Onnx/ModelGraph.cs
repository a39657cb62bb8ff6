using Hypergrad.Data;
using Hypergrad.Models;
using Hypergrad.Networks;
using Hypergrad.Onnx.Schema;
using DataType = Hypergrad.Onnx.Schema.TensorProto.Types.DataType;

namespace Hypergrad.Onnx;

/// <summary>The graph of a whole model: normalisation, the networks of its replicas, and what is made of their outputs.</summary>
internal static class ModelGraph
{
    public static GraphProto Build(TrainedModel model)
    {
        var network = model.Network;
        var builder = new GraphBuilder("hypergrad");
        string input = Normalize(builder, model);
        string[] outputs = [.. model.Weights.Select(weights => Output(builder, network, weights, input))];
        string mean = outputs.Length == 1 ? outputs[0] : builder.Add("Mean", outputs);
        string name = OnnxExport.OutputNameOf(model);
        string undone = model.TargetNormalization is { } targets ? Undo(builder, targets, network, mean) : mean;
        builder.AddNamed(name, "Identity", [undone]);
        Declare(builder, model, name);
        return builder.Graph;
    }

    private static string Output(GraphBuilder builder, Network network, float[] weights, string input)
    {
        string outputs = new NetworkGraph(builder, weights).Build(network.Program, input);
        return network.Loss == Loss.SoftmaxCrossEntropy ? builder.Softmax(outputs) : outputs;
    }

    // In double precision, as the library does it: a shift may be large beside what is left.
    private static string Normalize(GraphBuilder builder, TrainedModel model)
    {
        if (model.InputNormalization is not { } map)
            return OnnxExport.InputName;
        long[] sizes = Sizes(model.Network.Input.Shape);
        string shifted = builder.Add("Sub", [builder.Cast(OnnxExport.InputName, DataType.Double), Constant(builder, map.Shift, sizes)]);
        return builder.Cast(builder.Add("Mul", [shifted, Constant(builder, map.Scale, sizes)]), DataType.Float);
    }

    private static string Undo(GraphBuilder builder, Normalization targets, Network network, string outputs)
    {
        long[] sizes = Sizes(network.OutputShape);
        var factors = targets.Scale.Select(scale => scale == 0 ? 0 : 1 / scale).ToArray();
        string scaled = builder.Add("Mul", [builder.Cast(outputs, DataType.Double), Constant(builder, factors, sizes)]);
        return builder.Cast(builder.Add("Add", [scaled, Constant(builder, targets.Shift, sizes)]), DataType.Float);
    }

    private static string Constant(GraphBuilder builder, IReadOnlyList<double> numbers, long[] sizes) =>
        builder.Constant(numbers.ToArray().AsSpan(), sizes);

    private static void Declare(GraphBuilder builder, TrainedModel model, string name)
    {
        var network = model.Network;
        builder.Graph.Input.Add(Info(
            OnnxExport.InputName, network.Input.IsTokens ? DataType.Int64 : DataType.Float, Sizes(network.Input.Shape)));
        builder.Graph.Output.Add(Info(name, DataType.Float, Sizes(network.OutputShape)));
        if (!model.IsClassifier)
            return;
        builder.AddNamedAlongLastAxis(OnnxExport.ClassName, "ArgMax", name, keepsAxis: false);
        builder.Graph.Output.Add(Info(OnnxExport.ClassName, DataType.Int64, Sizes(network.OutputShape)[..^1]));
    }

    private static ValueInfoProto Info(string name, DataType type, long[] sizes)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "batch" });
        shape.Dim.AddRange(sizes.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)type, Shape = shape } } };
    }

    private static long[] Sizes(Shape shape) => [.. shape.Sizes.Select(size => (long)size)];
}
