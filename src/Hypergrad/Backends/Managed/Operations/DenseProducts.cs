using System.Numerics;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>The rows are the positions of every example, as they lie: [batch · positions × inputs].</summary>
internal sealed unsafe class DenseProducts<T>(Affine operation, Team<T> team) : AffineProducts<T> where T : unmanaged, INumberBase<T>
{
    private readonly int inputs = operation.Weight.Rows, outputs = operation.Weight.Columns;
    private readonly int positions = operation.OutputShape.Positions;

    public override void Forward(T* a, T* weight, T* bias, T* z, int batch) =>
        team.Multiply(a, false, weight, false, z, batch * positions, outputs, inputs, accumulate: bias is null, bias);

    public override void WeightGradient(T* a, T* delta, T* gradient, int batch, bool accumulate) =>
        team.Multiply(a, true, delta, false, gradient, inputs, outputs, batch * positions, accumulate);

    public override void InputAdjoint(T* delta, T* weight, T* adjoint, int batch, bool accumulate) =>
        team.Multiply(delta, false, weight, true, adjoint, batch * positions, inputs, outputs, accumulate);
}
