using System.Numerics;

namespace Hypergrad.Backends.Managed.Losses;

/// <summary>ℓ = ½‖f − y‖²: ∂ℓ/∂f = f − y, ∂ℓ/∂y = y − f, and along ḟ: ḟ and −ḟ.</summary>
internal sealed unsafe class SquaredPasses<T> : LossPasses<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public override void Evaluate(in LossRows<T> batch, T* probabilities, T* delta, double* losses)
    {
        int columns = batch.Columns;
        for (int row = 0; row < batch.Rows; row++)
        {
            double loss = 0;
            for (int i = row * columns; i < (row + 1) * columns; i++)
            {
                T difference = batch.Outputs[i] - batch.Targets[i];
                delta[i] = batch.Factors[row] * difference;
                loss += double.CreateTruncating(difference) * double.CreateTruncating(difference);
            }
            if (losses is not null)
                losses[row] = loss / 2;
        }
    }

    public override void EvaluateTangent(
        in LossRows<T> batch, T* probabilities, T* outputTangent, T* deltaTangent, T* targetTangent, double* lossTangents)
    {
        int columns = batch.Columns;
        for (int row = 0; row < batch.Rows; row++)
        {
            double along = 0;
            for (int i = row * columns; i < (row + 1) * columns; i++)
            {
                along += double.CreateTruncating((batch.Outputs[i] - batch.Targets[i]) * outputTangent[i]);
                deltaTangent[i] = batch.Factors[row] * outputTangent[i];
                targetTangent[i] = -outputTangent[i];
            }
            lossTangents[row] = along;
        }
    }
}
