using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed.Losses;

/// <summary>
/// ℓ = −Σ y_c log p_c, p = softmax f. With s = Σ y_c (1 for a distribution): ∂ℓ/∂f = s p − y, ∂ℓ/∂y = −log p, and along ḟ, with
/// m = Σ p_c ḟ_c: s p ∘ (ḟ − m) and m − ḟ.
/// </summary>
internal sealed unsafe class SoftmaxCrossEntropyPasses<T> : LossPasses<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public override void Evaluate(in LossRows<T> batch, T* probabilities, T* delta, double* losses)
    {
        int columns = batch.Columns;
        for (int row = 0; row < batch.Rows; row++)
        {
            T* f = batch.Outputs + row * columns, p = probabilities + row * columns;
            T largest = Largest(f, columns);
            for (int c = 0; c < columns; c++)
                p[c] = f[c] - largest;
        }
        Elementwise.Apply<T, ExponentialFormula>(
            probabilities, probabilities, probabilities, probabilities, probabilities, probabilities, batch.Rows * columns);
        for (int row = 0; row < batch.Rows; row++)
        {
            T* f = batch.Outputs + row * columns, y = batch.Targets + row * columns, p = probabilities + row * columns;
            T* d = delta + row * columns;
            double total = 0, mass = 0, loss = 0;
            for (int c = 0; c < columns; c++)
                total += double.CreateTruncating(p[c]);
            double logNormalizer = double.CreateTruncating(Largest(f, columns)) + Math.Log(total);
            for (int c = 0; c < columns; c++)
            {
                double target = double.CreateTruncating(y[c]);
                mass += target;
                loss += target * (logNormalizer - double.CreateTruncating(f[c]));
            }
            losses[row] = loss;
            T scale = T.CreateTruncating(1 / total), sum = T.CreateTruncating(mass), factor = batch.Factors[row];
            for (int c = 0; c < columns; c++)
            {
                p[c] *= scale;
                d[c] = factor * (sum * p[c] - y[c]);
            }
        }
    }

    public override void EvaluateTangent(
        in LossRows<T> batch, T* probabilities, T* outputTangent, T* deltaTangent, T* targetTangent, double* lossTangents)
    {
        int columns = batch.Columns;
        for (int row = 0; row < batch.Rows; row++)
        {
            int start = row * columns;
            T* y = batch.Targets + start, p = probabilities + start, tangent = outputTangent + start;
            T mean = T.Zero, mass = T.Zero, weighted = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                mean += p[c] * tangent[c];
                mass += y[c];
                weighted += y[c] * tangent[c];
            }
            lossTangents[row] = double.CreateTruncating(mass * mean - weighted);
            T factor = batch.Factors[row] * mass;
            for (int c = 0; c < columns; c++)
            {
                deltaTangent[start + c] = factor * p[c] * (tangent[c] - mean);
                targetTangent[start + c] = mean - tangent[c];
            }
        }
    }

    private static T Largest(T* values, int count)
    {
        T largest = values[0];
        for (int i = 1; i < count; i++)
            if (values[i] > largest)
                largest = values[i];
        return largest;
    }

    private readonly struct ExponentialFormula : IElementwiseFormula<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, Vector512<T> e) =>
            Exponential.Exp(a);
    }
}
