using System.Runtime.InteropServices;
using Google.Protobuf;
using Hypergrad.Onnx.Schema;

namespace Hypergrad.Onnx;

/// <summary>Takes down the nodes and constants of an ONNX graph, each under a name of its own.</summary>
internal sealed class GraphBuilder(string name)
{
    private int values;

    /// <summary>The graph.</summary>
    public GraphProto Graph { get; } = new() { Name = name };

    /// <summary>Adds a node with one output.</summary>
    /// <param name="operation">The operator's name.</param>
    /// <param name="inputs">Names of values.</param>
    /// <param name="attributes">Whole numbers, or several.</param>
    /// <returns>The name of the value that it writes.</returns>
    public string Add(string operation, string[] inputs, params (string Name, long[] Values)[] attributes) =>
        AddNamed($"{operation}{values++}", operation, inputs, attributes);

    /// <summary>Adds a node whose output has a name that is given.</summary>
    public string AddNamed(string output, string operation, string[] inputs, params (string Name, long[] Values)[] attributes)
    {
        var node = new NodeProto { OpType = operation, Name = $"node_{output}" };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        foreach (var (attribute, numbers) in attributes)
            node.Attribute.Add(Attribute(attribute, numbers));
        Graph.Node.Add(node);
        return output;
    }

    /// <summary>A value as numbers of another type.</summary>
    public string Cast(string value, TensorProto.Types.DataType type)
    {
        string output = $"Cast{values++}";
        var node = new NodeProto { OpType = "Cast", Name = $"node_{output}", Input = { value }, Output = { output } };
        node.Attribute.Add(Whole("to", (long)type));
        Graph.Node.Add(node);
        return output;
    }

    /// <summary>A value along one axis by which the operator works: Softmax, ArgMax.</summary>
    public string AddNamedAlongLastAxis(string output, string operation, string input, bool keepsAxis)
    {
        var node = new NodeProto { OpType = operation, Name = $"node_{output}", Input = { input }, Output = { output } };
        node.Attribute.Add(Whole("axis", -1));
        if (!keepsAxis)
            node.Attribute.Add(Whole("keepdims", 0));
        Graph.Node.Add(node);
        return output;
    }

    /// <summary>Softmax along the last axis.</summary>
    public string Softmax(string input) => AddNamedAlongLastAxis($"Softmax{values++}", "Softmax", input, keepsAxis: true);

    /// <summary>A value in another shape; 0 keeps the size that it has there, −1 is what is left.</summary>
    public string Reshape(string value, params long[] sizes) => Add("Reshape", [value, Constant(sizes)]);

    /// <summary>A value with its axes in another order.</summary>
    public string Transpose(string value, params long[] order) => Add("Transpose", [value], ("perm", order));

    /// <summary>The mean over axes, which are kept with size 1.</summary>
    public string Mean(string value, params long[] axes) => Add("ReduceMean", [value], ("axes", axes));

    /// <summary>A number of single precision.</summary>
    public string Number(double value) => Constant([(float)value], []);

    /// <summary>A constant of single precision.</summary>
    public string Constant(ReadOnlySpan<float> numbers, params long[] sizes) =>
        Constant(MemoryMarshal.AsBytes(numbers), TensorProto.Types.DataType.Float, sizes);

    /// <summary>A constant of double precision.</summary>
    public string Constant(ReadOnlySpan<double> numbers, params long[] sizes) =>
        Constant(MemoryMarshal.AsBytes(numbers), TensorProto.Types.DataType.Double, sizes);

    private string Constant(long[] numbers) =>
        Constant(MemoryMarshal.AsBytes<long>(numbers), TensorProto.Types.DataType.Int64, [numbers.Length]);

    // Raw data has the lowest byte first, as the machines that .NET runs on have it.
    private string Constant(ReadOnlySpan<byte> bytes, TensorProto.Types.DataType type, long[] sizes)
    {
        string constant = $"constant{values++}";
        var tensor = new TensorProto { Name = constant, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(sizes);
        Graph.Initializer.Add(tensor);
        return constant;
    }

    private static AttributeProto Attribute(string name, long[] numbers)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(numbers);
        return attribute;
    }

    private static AttributeProto Whole(string name, long number) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = number };
}
