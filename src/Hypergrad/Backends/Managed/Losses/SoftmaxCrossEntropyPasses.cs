using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Products;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed.Losses;

/// <summary>
/// ℓ = −Σ y_c log p_c, p = softmax f. With s = Σ y_c (1 for a distribution): ∂ℓ/∂f = s p − y, ∂ℓ/∂y = −log p, and along ḟ, with
/// m = Σ p_c ḟ_c: s p ∘ (ḟ − m) and m − ḟ.
/// </summary>
internal sealed unsafe class SoftmaxCrossEntropyPasses<T> : LossPasses<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Evaluate(in LossRows<T> batch, T* probabilities, T* delta, double* losses)
    {
        int columns = batch.Columns, width = Vector512<T>.Count;
        T* f = batch.Outputs, y = batch.Targets, p = probabilities, d = delta;
        for (int row = 0; row < batch.Rows; row++, f += columns, y += columns, p += columns, d += columns)
        {
            var largest = Vector512.Create(Rows.Largest(f, columns));
            Vector512<double> totals = default, masses = default, shortfalls = default;
            for (int i = 0; i < columns; i += width)
            {
                int rest = columns - i;
                Vector512<T> output = Elementwise.LoadPart(f + i, rest), target = Elementwise.LoadPart(y + i, rest);
                var power = Exponential.Exp(output - largest);
                if (rest < width)
                    power &= Elementwise.First<T>(rest);
                Elementwise.StorePart(power, p + i, rest);
                totals = VectorMath.AddWide(power, totals);
                masses = VectorMath.AddWide(target, masses);
                shortfalls = VectorMath.MultiplyAddWide(target, largest, output, shortfalls);
            }
            double total = VectorMath.Sum(totals), mass = VectorMath.Sum(masses);
            if (losses is not null)
                losses[row] = mass * Math.Log(total) + VectorMath.Sum(shortfalls);
            var scale = Vector512.Create(T.CreateTruncating(1 / total));
            Vector512<T> sum = Vector512.Create(T.CreateTruncating(mass)), factor = Vector512.Create(batch.Factors[row]);
            for (int i = 0; i < columns; i += width)
            {
                int rest = columns - i;
                var probability = Elementwise.LoadPart(p + i, rest) * scale;
                Elementwise.StorePart(probability, p + i, rest);
                Elementwise.StorePart(factor * (sum * probability - Elementwise.LoadPart(y + i, rest)), d + i, rest);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void EvaluateTangent(
        in LossRows<T> batch, T* probabilities, T* outputTangent, T* deltaTangent, T* targetTangent, double* lossTangents)
    {
        int columns = batch.Columns, width = Vector512<T>.Count;
        T* y = batch.Targets, p = probabilities;
        for (int row = 0; row < batch.Rows; row++, y += columns, p += columns)
        {
            T* tangent = outputTangent + row * columns, d = deltaTangent + row * columns, byTarget = targetTangent + row * columns;
            Vector512<T> means = default, masses = default, weighted = default;
            for (int i = 0; i < columns; i += width)
            {
                int rest = columns - i;
                Vector512<T> along = Elementwise.LoadPart(tangent + i, rest), target = Elementwise.LoadPart(y + i, rest);
                means = VectorMath.MultiplyAdd(Elementwise.LoadPart(p + i, rest), along, means);
                weighted = VectorMath.MultiplyAdd(target, along, weighted);
                masses += target;
            }
            T total = Lanes512<T>.Sum(means), mass = Lanes512<T>.Sum(masses);
            lossTangents[row] = double.CreateTruncating(mass * total - Lanes512<T>.Sum(weighted));
            Vector512<T> mean = Vector512.Create(total), factor = Vector512.Create(batch.Factors[row] * mass);
            for (int i = 0; i < columns; i += width)
            {
                int rest = columns - i;
                var beyond = Elementwise.LoadPart(tangent + i, rest) - mean;
                Elementwise.StorePart(factor * Elementwise.LoadPart(p + i, rest) * beyond, d + i, rest);
                Elementwise.StorePart(-beyond, byTarget + i, rest);
            }
        }
    }
}
