using static TorchSharp.torch;

namespace Hypergrad.TorchPeer;

/// <summary>The steps of a case's optimizer, as bench/peers/torch_optimizers.py has them in Python.</summary>
/// <param name="epsilon">AdamW's ε, or null for momentum.</param>
internal sealed class Optimizer(double? epsilon)
{
    private readonly bool isAdam = epsilon is not null;

    /// <summary>Slots: the velocity with the other sign, or the first and the second moment.</summary>
    public int Slots => isAdam ? 2 : 1;

    /// <summary>What steps read, [steps × tensors] each: what follows from the schedules alone, once for all steps.</summary>
    public Tensor[] Tables(IReadOnlyDictionary<string, Tensor> schedules)
    {
        var rates = schedules["learningRate"];
        if (!isAdam)
            return [rates, schedules["momentum"]];
        var (beta1, beta2) = (schedules["beta1"], schedules["beta2"]);
        return [1 - rates * schedules["weightDecay"], beta1, beta2, rates / (1 - beta1.cumprod(0)), 1 / (1 - beta2.cumprod(0))];
    }

    /// <summary>A step.</summary>
    /// <param name="tables">Numbers of the step, for each table one a tensor.</param>
    /// <param name="state">The weights, then the slots.</param>
    /// <param name="gradients">One a tensor of weights.</param>
    public Tensor[] Step(Tensor[][] tables, Tensor[] state, Tensor[] gradients)
    {
        int n = gradients.Length;
        var next = new Tensor[state.Length];
        for (int i = 0; i < n; i++)
            if (isAdam)
            {
                next[n + i] = lerp(gradients[i], state[n + i], tables[1][i]);
                next[2 * n + i] = lerp(gradients[i] * gradients[i], state[2 * n + i], tables[2][i]);
                var roots = (next[2 * n + i] * tables[4][i]).sqrt() + epsilon!.Value;
                next[i] = addcdiv(state[i] * tables[0][i], next[n + i] * tables[3][i], roots, -1);
            }
            else
            {
                next[n + i] = lerp(gradients[i], state[n + i], tables[1][i]);
                next[i] = addcmul(state[i], tables[0][i], next[n + i], -1);
            }
        return next;
    }
}
