using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Products;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// p = softmax(a) of every row, over the numbers that the mask leaves; elsewhere p is 0 and so are the derivatives. Backward, with
/// m = Σ p e: p ∘ (e − m). Along ȧ: ṗ = p ∘ (ȧ − Σ p ȧ); and back, with ṁ = Σ ṗ e + p ė: ṗ ∘ (e − m) + p ∘ (ė − ṁ).
/// </summary>
internal sealed unsafe class RowSoftmaxKernel<T>(RowSoftmax operation, OperationInput<T> input, ManagedValue<T> output, Team<T> team)
    : OperationKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Rows and columns of one of the matrices.</summary>
    private readonly int rows = operation.Input.Shape[1], columns = operation.Input.Shape.Last;

    private delegate void RowAction(long start, int count);

    public override void Forward(in PassContext<T> context)
    {
        T* a = input.Value.Data, p = output.Data;
        ForEachRow(context.Batch, (start, count) =>
        {
            Softmax(a + start, p + start, count);
            Clear(p + start, count);
        });
    }

    public override void Backward(in PassContext<T> context)
    {
        if (!input.WantsAdjoint)
            return;
        T* p = output.Data, e = output.Adjoint, target = input.Value.Adjoint;
        bool add = input.AddsToAdjoint;
        ForEachRow(context.Batch, (start, count) => Centre(p + start, e + start, target + start, count, add));
    }

    public override void TangentForward(in PassContext<T> context)
    {
        if (!output.DependsOnWeights)
            return;
        T* p = output.Data, along = input.Value.Tangent, tangent = output.Tangent;
        ForEachRow(context.Batch, (start, count) => Centre(p + start, along + start, tangent + start, count, add: false));
    }

    public override void TangentBackward(in PassContext<T> context)
    {
        if (!input.WantsAdjointTangent(context))
            return;
        T* p = output.Data, along = output.AdjointTangent, target = input.Value.AdjointTangent;
        bool add = input.AddsToAdjoint;
        ForEachRow(context.Batch, (start, count) => Centre(p + start, along + start, target + start, count, add));
        if (!output.DependsOnWeights)
            return;
        T* e = output.Adjoint, tangent = output.Tangent;
        ForEachRow(context.Batch, (start, count) => AddTurn(p + start, tangent + start, e + start, target + start, count));
    }

    // Where a row starts, and how many of its numbers the mask leaves.
    private void ForEachRow(int batch, RowAction body)
    {
        int matrices = batch * (output.Size / (rows * columns));
        team.Workers.For(matrices, matrix =>
        {
            for (int row = 0; row < rows; row++)
                body(((long)matrix * rows + row) * columns, operation.IsCausal ? Math.Min(row + 1, columns) : columns);
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Softmax(T* a, T* p, int count)
    {
        var largest = Vector512.Create(Rows.Largest(a, count));
        var sum = Vector512<T>.Zero;
        for (int i = 0; i < count; i += Vector512<T>.Count)
        {
            int rest = count - i;
            var power = Exponential.Exp(Elementwise.LoadPart(a + i, rest) - largest);
            Elementwise.StorePart(power, p + i, rest);
            sum += Elementwise.LoadPart(p + i, rest);
        }
        var factor = Vector512.Create(T.One / Lanes512<T>.Sum(sum));
        for (int i = 0; i < count; i += Vector512<T>.Count)
            Elementwise.StorePart(Elementwise.LoadPart(p + i, count - i) * factor, p + i, count - i);
    }

    private void Clear(T* row, int from) => new Span<T>(row + from, columns - from).Clear();

    // p ∘ (x − Σ p x), as it is or added to what is there.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Centre(T* p, T* x, T* target, int count, bool add)
    {
        var mean = Vector512.Create(Dot(p, x, count));
        for (int i = 0; i < count; i += Vector512<T>.Count)
        {
            int rest = count - i;
            var result = Elementwise.LoadPart(p + i, rest) * (Elementwise.LoadPart(x + i, rest) - mean);
            Elementwise.StorePart(add ? Elementwise.LoadPart(target + i, rest) + result : result, target + i, rest);
        }
        if (!add)
            Clear(target, count);
    }

    // Adds ṗ ∘ (e − m) − p Σ ṗ e: what the turning of p adds to the tangent of the adjoint.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTurn(T* p, T* tangent, T* e, T* target, int count)
    {
        Vector512<T> mean = Vector512.Create(Dot(p, e, count)), turn = Vector512.Create(Dot(tangent, e, count));
        for (int i = 0; i < count; i += Vector512<T>.Count)
        {
            int rest = count - i;
            var result = Elementwise.LoadPart(tangent + i, rest) * (Elementwise.LoadPart(e + i, rest) - mean)
                - Elementwise.LoadPart(p + i, rest) * turn;
            Elementwise.StorePart(Elementwise.LoadPart(target + i, rest) + result, target + i, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Dot(T* a, T* b, int count)
    {
        var sum = Vector512<T>.Zero;
        for (int i = 0; i < count; i += Vector512<T>.Count)
            sum = VectorMath.MultiplyAdd(Elementwise.LoadPart(a + i, count - i), Elementwise.LoadPart(b + i, count - i), sum);
        return Lanes512<T>.Sum(sum);
    }
}
