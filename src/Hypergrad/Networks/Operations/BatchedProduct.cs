namespace Hypergrad.Networks.Operations;

/// <summary>Where the matrices of a batched product lie within one example's numbers: head h starts at h · HeadStride.</summary>
/// <param name="RowStride">Numbers from one row to the next.</param>
/// <param name="HeadStride">Numbers from one head's matrix to the next.</param>
public readonly record struct MatrixLayout(int RowStride, int HeadStride);

/// <summary>out_h = s · A_h · B_h, or s · A_h · B_hᵀ, for every example and head.</summary>
/// <param name="Left">The value that holds every A_h, [Rows × Depth].</param>
/// <param name="LeftLayout">Where they lie.</param>
/// <param name="Right">The value that holds every B_h, [Depth × Columns], or [Columns × Depth] where transposed.</param>
/// <param name="RightLayout">Where they lie.</param>
/// <param name="TransposeRight">Whether B is transposed.</param>
/// <param name="ResultLayout">Where the out_h lie, [Rows × Columns].</param>
/// <param name="Heads">Products per example.</param>
/// <param name="Rows">Rows of the result.</param>
/// <param name="Columns">Columns of the result.</param>
/// <param name="Depth">The length of the sums.</param>
/// <param name="Factor">s.</param>
/// <param name="Shape">The shape of the result.</param>
public sealed record BatchedProduct(
    Value Left, MatrixLayout LeftLayout, Value Right, MatrixLayout RightLayout, bool TransposeRight, MatrixLayout ResultLayout,
    int Heads, int Rows, int Columns, int Depth, double Factor, Shape Shape) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<Value> Inputs => [Left, Right];

    /// <inheritdoc/>
    public override Shape OutputShape => Shape;

    internal override double Multiplications => (double)Heads * Rows * Columns * Depth;
}
