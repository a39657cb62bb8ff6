using System.Numerics;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// C = s A op(B) for every example and head. Backward, from E = ∂L/∂C: s E op(B)ᵀ and s Aᵀ E, the latter turned where B is. Along Ȧ, Ḃ:
/// Ċ = s (Ȧ op(B) + A op(Ḃ)), and back s (Ė op(B)ᵀ + E op(Ḃ)ᵀ) and s (Aᵀ Ė + Ȧᵀ E).
/// </summary>
internal sealed unsafe class BatchedProductKernel<T>(
    BatchedProduct operation, OperationInput<T> left, OperationInput<T> right, ManagedValue<T> output, Team<T> team)
    : OperationKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int rows = operation.Rows, columns = operation.Columns, depth = operation.Depth;
    private readonly bool turned = operation.TransposeRight;
    private readonly T factor = T.CreateTruncating(operation.Factor);
    private readonly HeadMatrices<T> ofA = new(left.Value.Size, operation.LeftLayout, operation.Rows, operation.Depth);
    private readonly HeadMatrices<T> ofC = new(output.Size, operation.ResultLayout, operation.Rows, operation.Columns);

    private readonly HeadMatrices<T> ofB = operation.TransposeRight
        ? new(right.Value.Size, operation.RightLayout, operation.Columns, operation.Depth)
        : new(right.Value.Size, operation.RightLayout, operation.Depth, operation.Columns);

    private delegate void MatrixAction(int example, int head, int worker, T* scratch);

    public override void Forward(in PassContext<T> context)
    {
        T* a = left.Value.Data, b = right.Value.Data, c = output.Data;
        ForEachMatrix(context.Batch, (example, head, worker, scratch) =>
        {
            T* product = Take(ref scratch, ofC.Count);
            Result(worker, Read(ofA, a, example, head, ref scratch), Read(ofB, b, example, head, ref scratch), product, false);
            ofC.Write(product, factor, c, example, head, false);
        });
    }

    public override void Backward(in PassContext<T> context)
    {
        T* a = left.Value.Data, b = right.Value.Data, e = output.Adjoint;
        T* ofLeft = left.WantsAdjoint ? left.Value.Adjoint : null, ofRight = right.WantsAdjoint ? right.Value.Adjoint : null;
        ForEachMatrix(context.Batch, (example, head, worker, scratch) =>
        {
            T* product = Take(ref scratch, Math.Max(ofA.Count, ofB.Count)), along = Read(ofC, e, example, head, ref scratch);
            if (ofLeft is not null)
            {
                LeftAdjoint(worker, along, Read(ofB, b, example, head, ref scratch), product, false);
                ofA.Write(product, factor, ofLeft, example, head, left.AddsToAdjoint);
            }
            if (ofRight is not null)
            {
                RightAdjoint(worker, along, Read(ofA, a, example, head, ref scratch), product, false);
                ofB.Write(product, factor, ofRight, example, head, right.AddsToAdjoint);
            }
        });
    }

    public override void TangentForward(in PassContext<T> context)
    {
        if (!output.DependsOnWeights)
            return;
        bool leftMoves = left.Value.DependsOnWeights, rightMoves = right.Value.DependsOnWeights;
        T* a = left.Value.Data, b = right.Value.Data, tangent = output.Tangent;
        T* alongA = leftMoves ? left.Value.Tangent : null, alongB = rightMoves ? right.Value.Tangent : null;
        ForEachMatrix(context.Batch, (example, head, worker, scratch) =>
        {
            T* product = Take(ref scratch, ofC.Count);
            if (leftMoves)
                Result(worker, Read(ofA, alongA, example, head, ref scratch), Read(ofB, b, example, head, ref scratch), product, false);
            if (rightMoves)
                Result(
                    worker, Read(ofA, a, example, head, ref scratch), Read(ofB, alongB, example, head, ref scratch), product, leftMoves);
            ofC.Write(product, factor, tangent, example, head, false);
        });
    }

    public override void TangentBackward(in PassContext<T> context)
    {
        bool leftMoves = left.Value.DependsOnWeights, rightMoves = right.Value.DependsOnWeights;
        T* a = left.Value.Data, b = right.Value.Data, along = output.AdjointTangent;
        T* e = output.DependsOnWeights ? output.Adjoint : null;
        T* alongA = leftMoves ? left.Value.Tangent : null, alongB = rightMoves ? right.Value.Tangent : null;
        T* ofLeft = left.WantsAdjointTangent(context) ? left.Value.AdjointTangent : null;
        T* ofRight = right.WantsAdjointTangent(context) ? right.Value.AdjointTangent : null;
        ForEachMatrix(context.Batch, (example, head, worker, scratch) =>
        {
            T* product = Take(ref scratch, Math.Max(ofA.Count, ofB.Count)), alongE = Read(ofC, along, example, head, ref scratch);
            T* adjoint = e is null ? null : Read(ofC, e, example, head, ref scratch);
            if (ofLeft is not null)
            {
                LeftAdjoint(worker, alongE, Read(ofB, b, example, head, ref scratch), product, false);
                if (rightMoves)
                    LeftAdjoint(worker, adjoint, Read(ofB, alongB, example, head, ref scratch), product, true);
                ofA.Write(product, factor, ofLeft, example, head, left.AddsToAdjoint);
            }
            if (ofRight is not null)
            {
                RightAdjoint(worker, alongE, Read(ofA, a, example, head, ref scratch), product, false);
                if (leftMoves)
                    RightAdjoint(worker, adjoint, Read(ofA, alongA, example, head, ref scratch), product, true);
                ofB.Write(product, factor, ofRight, example, head, right.AddsToAdjoint);
            }
        });
    }

    // A op(B), [rows × columns].
    private void Result(int worker, T* a, T* b, T* product, bool add) =>
        team.MultiplyAlone(worker, a, false, b, turned, product, rows, columns, depth, add);

    // E op(B)ᵀ, [rows × depth].
    private void LeftAdjoint(int worker, T* e, T* b, T* product, bool add) =>
        team.MultiplyAlone(worker, e, false, b, !turned, product, rows, depth, columns, add);

    // Aᵀ E, [depth × columns], or Eᵀ A, [columns × depth].
    private void RightAdjoint(int worker, T* e, T* a, T* product, bool add)
    {
        if (turned)
            team.MultiplyAlone(worker, e, true, a, false, product, columns, depth, rows, add);
        else
            team.MultiplyAlone(worker, a, true, e, false, product, depth, columns, rows, add);
    }

    private void ForEachMatrix(int batch, MatrixAction body)
    {
        long scratch = 3L * (ofA.Count + ofB.Count + ofC.Count);
        team.Workers.For(batch * operation.Heads, (item, worker) =>
            body(item / operation.Heads, item % operation.Heads, worker, team.Scratch(worker, scratch)));
    }

    private static T* Read(in HeadMatrices<T> matrices, T* value, int example, int head, ref T* scratch) =>
        matrices.Read(value, example, head, Take(ref scratch, matrices.Count));

    private static T* Take(ref T* scratch, int count)
    {
        T* taken = scratch;
        scratch += count;
        return taken;
    }
}
