using Hypergrad.Networks;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Onnx;

/// <summary>The graph of one network: each operation of its program becomes a few ONNX nodes. Dropout is left out.</summary>
internal sealed partial class NetworkGraph(GraphBuilder builder, float[] weights)
{
    // Values by number: what they are called, and the shape of one example there. One value may be read in another shape.
    private readonly Dictionary<int, (string Name, Shape Shape)> values = [];

    /// <summary>Adds the network.</summary>
    /// <param name="program">The program.</param>
    /// <param name="input">The name of what it reads, [batch, …shape].</param>
    /// <returns>The name of what it writes, [batch, …shape].</returns>
    /// <exception cref="ConfigurationException">An operation that has no form in ONNX here.</exception>
    public string Build(NetworkProgram program, string input)
    {
        values[0] = (input, program.Input.Shape);
        foreach (var operation in program.Operations)
            values[operation.Output.Index] = (Add(operation), operation.OutputShape);
        return Read(program.Output);
    }

    private string Add(Operation operation) => operation switch
    {
        Affine { Patches: { } windows } convolution => AddConvolution(convolution, windows),
        Affine affine => AddAffine(affine),
        Activate activate => AddActivation(Read(activate.Input), activate.Activation),
        Pool pool => AddPool(pool),
        Networks.Operations.Add sum => builder.Add("Add", [Read(sum.Left), Read(sum.Right)]),
        AddParameter sum => builder.Add("Add", [Read(sum.Input), Tensor(sum.Parameter, SizesOf(sum.Input.Shape))]),
        Normalize normalize => AddNormalization(normalize),
        Embed embed => builder.Add("Gather", [Tensor(embed.Table, embed.Table.Rows, embed.Table.Columns), Read(embed.Tokens)]),
        BatchedProduct product => AddProduct(product),
        RowSoftmax softmax => AddRowSoftmax(softmax),
        DropUnits dropout => Read(dropout.Input),
        _ => throw new ConfigurationException($"The operation {operation.GetType().Name} has no form in ONNX yet."),
    };

    private string AddAffine(Affine affine)
    {
        string product = builder.Add("MatMul", [Read(affine.Input), Tensor(affine.Weight, affine.Weight.Rows, affine.Weight.Columns)]);
        return AddActivation(builder.Add("Add", [product, Tensor(affine.Bias, affine.Bias.Count)]), affine.Activation);
    }

    private string AddActivation(string value, Activation activation) => activation switch
    {
        Activation.Identity => value,
        Activation.Tanh => builder.Add("Tanh", [value]),
        Activation.Relu => builder.Add("Relu", [value]),
        Activation.Sigmoid => builder.Add("Sigmoid", [value]),
        Activation.Softplus => builder.Add("Softplus", [value]),
        Activation.Gelu => AddGelu(value),
        _ => throw new ConfigurationException($"The activation {activation} has no form in ONNX yet."),
    };

    // z Φ(z) = z (1 + erf(z / √2)) / 2.
    private string AddGelu(string value)
    {
        string erf = builder.Add("Erf", [builder.Add("Mul", [value, builder.Number(Math.Sqrt(0.5))])]);
        string twice = builder.Add("Mul", [value, builder.Add("Add", [erf, builder.Number(1)])]);
        return builder.Add("Mul", [twice, builder.Number(0.5)]);
    }

    // A set is all positions and channels of one group: [sets, positions, groups, channels of a group].
    private string AddNormalization(Normalize normalize)
    {
        int channels = normalize.Scale.Count;
        string sets = builder.Reshape(
            Read(normalize.Input), -1, normalize.Positions, normalize.Groups, channels / normalize.Groups);
        string centered = builder.Add("Sub", [sets, builder.Mean(sets, 1, 3)]);
        string variance = builder.Mean(builder.Add("Mul", [centered, centered]), 1, 3);
        string deviation = builder.Add("Sqrt", [builder.Add("Add", [variance, builder.Number(Normalize.Epsilon)])]);
        string normalized = builder.Reshape(
            builder.Add("Div", [centered, deviation]), [-1, .. SizesOf(normalize.Input.Shape)]);
        string scaled = builder.Add("Mul", [normalized, Tensor(normalize.Scale, channels)]);
        return builder.Add("Add", [scaled, Tensor(normalize.Shift, channels)]);
    }

    private string AddRowSoftmax(RowSoftmax softmax)
    {
        string scores = Read(softmax.Input);
        return builder.Softmax(softmax.IsCausal ? builder.Add("Add", [scores, CausalMask(softmax.Input.Shape)]) : scores);
    }

    private string CausalMask(Shape shape)
    {
        int rows = shape[shape.Rank - 2], columns = shape.Last;
        var mask = new float[rows * columns];
        for (int row = 0; row < rows; row++)
            mask.AsSpan(row * columns + Math.Min(columns, row + 1), Math.Max(0, columns - row - 1)).Fill(float.NegativeInfinity);
        return builder.Constant(mask.AsSpan(), rows, columns);
    }

    private string Read(Value value)
    {
        var (name, shape) = values[value.Index];
        return shape.Equals(value.Shape) ? name : builder.Reshape(name, [-1, .. SizesOf(value.Shape)]);
    }

    private string Tensor(ParameterTensor tensor, params long[] sizes) =>
        builder.Constant(weights.AsSpan(tensor.Offset, tensor.Count), sizes);

    private static long[] SizesOf(Shape shape) => [.. shape.Sizes.Select(size => (long)size)];
}
