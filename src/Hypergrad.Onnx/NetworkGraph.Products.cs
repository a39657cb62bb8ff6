using Hypergrad.Networks;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Onnx;

/// <summary>Batched products, whose matrices lie side by side or one after the other within an example.</summary>
internal sealed partial class NetworkGraph
{
    private string AddProduct(BatchedProduct product)
    {
        string left = Matrices(product.Left, product.LeftLayout, product.Heads, product.Rows, product.Depth);
        string right = product.TransposeRight
            ? builder.Transpose(Matrices(product.Right, product.RightLayout, product.Heads, product.Columns, product.Depth), 0, 1, 3, 2)
            : Matrices(product.Right, product.RightLayout, product.Heads, product.Depth, product.Columns);
        string result = builder.Add("MatMul", [left, right]);
        if (product.Factor != 1)
            result = builder.Add("Mul", [result, builder.Number(product.Factor)]);
        if (LieSideBySide(product.ResultLayout, product.Heads, product.Rows, product.Columns))
            result = builder.Transpose(result, 0, 2, 1, 3);
        return builder.Reshape(result, [-1, .. SizesOf(product.OutputShape)]);
    }

    // [batch, heads, rows, columns].
    private string Matrices(Value value, MatrixLayout layout, int heads, int rows, int columns)
    {
        string name = values[value.Index].Name;
        return LieSideBySide(layout, heads, rows, columns)
            ? builder.Transpose(builder.Reshape(name, -1, rows, heads, columns), 0, 2, 1, 3)
            : builder.Reshape(name, -1, heads, rows, columns);
    }

    private static bool LieSideBySide(MatrixLayout layout, int heads, int rows, int columns)
    {
        if (layout == new MatrixLayout(columns, rows * columns))
            return false;
        return layout == new MatrixLayout(heads * columns, columns)
            ? true
            : throw new ConfigurationException("Matrices that lie neither side by side nor one after the other have no form in ONNX yet.");
    }
}
