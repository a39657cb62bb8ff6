using Hypergrad.Backends.Managed.Memory;

namespace Hypergrad.Backends.Managed.Passes;

/// <summary>
/// The R-operator (Pearlmutter 1994): the tangents of both passes along a direction (U, u_b) of the weights, after the passes themselves.
/// ż = aU + ȧW + u_b, ȧ′ = φ′(z) ∘ ż; and back, R∂W = aᵀδ̇ + ȧᵀδ, R∂b = Σ δ̇, ė = δ̇Wᵀ + δUᵀ, δ̇ = ė ∘ φ′(z) + e ∘ φ″(z) ∘ ż.
/// The first layer's ȧ is 0: inputs do not depend on weights.
/// </summary>
internal sealed unsafe partial class MlpPasses<T>
{
    private NativeBuffer<T>? inputGradientTangent, targetTangent;
    private NativeBuffer<double>? lossTangents;

    /// <summary>
    /// The derivative along the direction of ∂ℓ/∂y of each example, [rows × output size], after <see cref="EvaluateLossTangent"/>.
    /// </summary>
    public ReadOnlySpan<T> TargetTangent => new(targetTangent!.Pointer, rows * model.OutputSize);

    /// <summary>The derivative along the direction of ℓ of each example, [rows], after <see cref="EvaluateLossTangent"/>.</summary>
    public ReadOnlySpan<double> LossTangents => new(lossTangents!.Pointer, rows);

    /// <summary>Forward through all layers, along the direction.</summary>
    public void TangentForward(T* weights, T* direction)
    {
        for (int layer = 0; layer < model.Depth; layer++)
        {
            var buffers = layers[layer];
            T* weightsDirection = direction + model.Weight(layer).Offset;
            Rows.Broadcast(direction + model.Bias(layer).Offset, buffers.InputTangent, rows, buffers.Units);
            Multiply(InputOf(layer), false, weightsDirection, false, buffers.InputTangent, rows, buffers.Units, model.Layers[layer], true);
            if (layer > 0)
                Multiply(
                    layers[layer - 1].ValueTangent, false, weights + model.Weight(layer).Offset, false, buffers.InputTangent,
                    rows, buffers.Units, model.Layers[layer], true);
            if (layer < Last)
            {
                _ = buffers.ValueTangent;
                ForEachChunk(buffers, (start, count) => activation.TangentForward(
                    buffers.Input + start, buffers.Value + start, buffers.InputTangent + start, buffers.ValueTangent + start, count));
            }
        }
    }

    /// <summary>The last layer's δ̇, and the tangents of the losses and of their derivatives by the targets.</summary>
    public void EvaluateLossTangent()
    {
        targetTangent ??= new((long)Capacity * model.OutputSize);
        lossTangents ??= new(Capacity);
        loss.EvaluateTangent(
            LossRows, probabilities.Pointer, layers[Last].InputTangent, layers[Last].DeltaTangent, targetTangent.Pointer,
            lossTangents.Pointer);
    }

    /// <summary>Backward through all layers, along the direction.</summary>
    /// <param name="weights">w.</param>
    /// <param name="direction">u.</param>
    /// <param name="hessianProduct">Gets Hu.</param>
    public void TangentBackward(T* weights, T* direction, T* hessianProduct)
    {
        for (int layer = Last; layer >= 0; layer--)
        {
            var buffers = layers[layer];
            int inputSize = model.Layers[layer];
            T* product = hessianProduct + model.Weight(layer).Offset;
            Multiply(InputOf(layer), true, buffers.DeltaTangent, false, product, inputSize, buffers.Units, rows, false);
            Rows.Sum(buffers.DeltaTangent, hessianProduct + model.Bias(layer).Offset, rows, buffers.Units, false);
            if (layer == 0)
                break;
            var below = layers[layer - 1];
            Multiply(below.ValueTangent, true, buffers.Delta, false, product, inputSize, buffers.Units, rows, true);
            TangentDown(layer, weights, direction, below.DeltaTangent);
            ForEachChunk(below, (start, count) => activation.TangentBackward(
                below.Input + start, below.Value + start, below.Upstream + start, below.InputTangent + start,
                below.DeltaTangent + start, count));
        }
    }

    /// <summary>The derivative along the direction of ∂L/∂x of each example, [rows × input size].</summary>
    public ReadOnlySpan<T> InputGradientTangent(T* weights, T* direction)
    {
        inputGradientTangent ??= new((long)Capacity * model.InputSize);
        TangentDown(0, weights, direction, inputGradientTangent.Pointer);
        return new(inputGradientTangent.Pointer, rows * model.InputSize);
    }

    // ė = δ̇Wᵀ + δUᵀ
    private void TangentDown(int layer, T* weights, T* direction, T* target)
    {
        var buffers = layers[layer];
        int offset = model.Weight(layer).Offset, inputSize = model.Layers[layer];
        Multiply(buffers.DeltaTangent, false, weights + offset, true, target, rows, inputSize, buffers.Units, false);
        Multiply(buffers.Delta, false, direction + offset, true, target, rows, inputSize, buffers.Units, true);
    }
}
