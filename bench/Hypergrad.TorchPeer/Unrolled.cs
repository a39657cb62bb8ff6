using static TorchSharp.torch;

namespace Hypergrad.TorchPeer;

/// <summary>The hypergradient of a case by differentiating the unrolled training, as bench/peers/torch_peer.py does in Python.</summary>
/// <param name="given">The case.</param>
internal sealed class Unrolled(Case given)
{
    private readonly int tensors = given.Shapes.Length;

    /// <summary>The validation loss, and the gradient of the learning rates, [steps × tensors].</summary>
    public (double ValidationLoss, double[] Gradient) Compute()
    {
        using var all = NewDisposeScope();
        var rates = full(given.Steps, tensors, given.Setting("learningRate"), requires_grad: true);
        var momenta = full(given.Steps, tensors, given.Setting("momentum"), requires_grad: true);
        Tensor[] penalties = [.. given.Shapes.Select(shape => full(shape, given.Setting("l2"), requires_grad: true))];
        Tensor[] start = [.. given.Start.Select(weights => weights.clone().requires_grad_())];
        Tensor[] weights = start, velocities = [.. given.Shapes.Select(shape => zeros(shape))];
        // Unbound once: the gradient of each row alone would be a table of zeros beside it.
        var (ratesOf, momentaOf) = (rates.unbind(0), momenta.unbind(0));
        for (int step = 0; step < given.Steps; step++)
            (weights, velocities) = Step(given.Batches[step], ratesOf[step], momentaOf[step], penalties, weights, velocities);
        var loss = LossOf(weights, given.ValidationInputs, given.ValidationLabels);
        var gradients = autograd.grad([loss], [rates, momenta, .. penalties, .. start]);
        return (loss.item<float>(), [.. gradients[0].data<float>().Select(value => (double)value)]);
    }

    // Handles of a step's intermediate tensors are released at its end: the graph keeps those that it needs.
    private (Tensor[] Weights, Tensor[] Velocities) Step(
        Tensor batch, Tensor ratesOfStep, Tensor momentaOfStep, Tensor[] penalties, Tensor[] weights, Tensor[] velocities)
    {
        using var step = NewDisposeScope();
        var (rates, momenta) = (ratesOfStep.unbind(0), momentaOfStep.unbind(0));
        var loss = LossOf(weights, given.Inputs.index_select(0, batch), given.Labels.index_select(0, batch));
        for (int i = 0; i < tensors; i++)
            loss += (penalties[i] * weights[i] * weights[i]).sum();
        var gradients = autograd.grad([loss], weights, retain_graph: true, create_graph: true);
        var (newWeights, newVelocities) = (new Tensor[tensors], new Tensor[tensors]);
        for (int i = 0; i < tensors; i++)
        {
            newVelocities[i] = (momenta[i] * velocities[i] - (1 - momenta[i]) * gradients[i]).MoveToOuterDisposeScope();
            newWeights[i] = (weights[i] + rates[i] * newVelocities[i]).MoveToOuterDisposeScope();
        }
        return (newWeights, newVelocities);
    }

    private Tensor LossOf(Tensor[] weights, Tensor x, Tensor labels)
    {
        for (int layer = 0; layer < tensors; layer += 2)
        {
            x = addmm(weights[layer + 1], x, weights[layer], beta: 1, alpha: 1);
            if (layer < tensors - 2)
                x = tanh(x);
        }
        return nn.functional.cross_entropy(x, labels);
    }
}
