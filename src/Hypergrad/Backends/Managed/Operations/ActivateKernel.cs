using System.Numerics;
using System.Runtime.CompilerServices;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Backends.Managed.Simd.Activations;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>a′ = φ(a): backward e = e′ ∘ φ′(a); along ȧ, ȧ′ = φ′(a) ∘ ȧ, ė = ė′ ∘ φ′(a) + e′ ∘ φ″(a) ∘ ȧ.</summary>
internal sealed unsafe class ActivateKernel<T>(Activate operation, OperationInput<T> input, ManagedValue<T> output, Team<T> team)
    : OperationKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ActivationPasses<T> activation = ActivationPasses<T>.For(operation.Activation);

    public override void Forward(in PassContext<T> context)
    {
        T* z = input.Value.Data, a = output.Data;
        team.ForEachChunk(Count(context), (start, count) => activation.Forward(z + start, a + start, count));
    }

    public override void Backward(in PassContext<T> context)
    {
        if (!input.WantsAdjoint)
            return;
        T* z = input.Value.Data, a = output.Data, e = output.Adjoint, target = input.Value.Adjoint;
        bool add = input.AddsToAdjoint;
        team.ForEachChunk(Count(context), (start, count) =>
        {
            if (!add)
                activation.Backward(z + start, a + start, e + start, target + start, count);
            else
                InPieces(start, count, target, (at, scratch, size) => activation.Backward(z + at, a + at, e + at, scratch, size));
        });
    }

    public override void TangentForward(in PassContext<T> context)
    {
        if (!output.DependsOnWeights)
            return;
        T* z = input.Value.Data, a = output.Data, along = input.Value.Tangent, tangent = output.Tangent;
        team.ForEachChunk(Count(context), (start, count) =>
            activation.TangentForward(z + start, a + start, along + start, tangent + start, count));
    }

    public override void TangentBackward(in PassContext<T> context)
    {
        if (!input.WantsAdjointTangent(context))
            return;
        T* z = input.Value.Data, a = output.Data, along = output.AdjointTangent, target = input.Value.AdjointTangent;
        bool add = input.AddsToAdjoint, moves = input.Value.DependsOnWeights;
        T* e = moves ? output.Adjoint : null, inputTangent = moves ? input.Value.Tangent : null;
        team.ForEachChunk(Count(context), (start, count) =>
        {
            // In place of ė′, which nothing reads after this.
            if (moves)
                activation.TangentBackward(z + start, a + start, e + start, inputTangent + start, along + start, count);
            else
                activation.Backward(z + start, a + start, along + start, along + start, count);
            if (add)
                Elementwise.Add(target + start, along + start, target + start, count);
            else
                Unsafe.CopyBlockUnaligned(target + start, along + start, (uint)(count * sizeof(T)));
        });
    }

    private long Count(in PassContext<T> context) => (long)context.Batch * output.Size;

    private delegate void Piece(long at, T* scratch, int size);

    [SkipLocalsInit]
    private static void InPieces(long start, int count, T* target, Piece body)
    {
        const int piece = 1024;
        T* scratch = stackalloc T[piece];
        for (int done = 0; done < count; done += piece)
        {
            int size = Math.Min(piece, count - done);
            long at = start + done;
            body(at, scratch, size);
            Elementwise.Add(target + at, scratch, target + at, size);
        }
    }
}
