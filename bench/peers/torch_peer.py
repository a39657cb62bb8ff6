"""The hypergradient of a case by unrolling training in PyTorch, plainly or with activation checkpointing over chunks of steps.

Usage: OPENBLAS_CORETYPE=SKYLAKEX python3 torch_peer.py FOLDER OUT THREADS unrolled|checkpointed
"""
import math
import sys

import torch

from case import Case, answer


class Chunk(torch.autograd.Function):
    """Steps of which only the states between are kept: they are done again, with their graph, when their gradient is wanted."""

    @staticmethod
    def forward(ctx, steps, *tensors):
        ctx.steps = steps
        ctx.save_for_backward(*tensors)
        return steps(False, *tensors)

    @staticmethod
    def backward(ctx, *gradients):
        tensors = [tensor.detach().requires_grad_() for tensor in ctx.saved_tensors]
        with torch.enable_grad():
            outputs = ctx.steps(True, *tensors)
        return (None, *torch.autograd.grad(outputs, tensors, gradients))


def main():
    case = Case(sys.argv[1])
    torch.set_num_threads(int(sys.argv[3]))
    kind = sys.argv[4]
    inputs, labels = torch.from_numpy(case.inputs), torch.from_numpy(case.labels).long()
    validation_inputs, validation_labels = torch.from_numpy(case.validation_inputs), torch.from_numpy(case.validation_labels).long()
    batches = torch.from_numpy(case.batches).long()
    count = len(case.shapes)
    # Chunks of the root of the steps: as many states kept as steps done again at a time.
    chunk = max(1, math.isqrt(case.steps)) if kind == "checkpointed" else case.steps

    def loss_of(weights, x, y):
        for layer in range(0, count, 2):
            x = torch.addmm(weights[layer + 1], x, weights[layer])
            if layer < count - 2:
                x = torch.tanh(x)
        return torch.nn.functional.cross_entropy(x, y)

    def steps_from(begin, end):
        def steps(with_graph, rates, momenta, *tensors):
            # Unbound once: the gradient of each row alone would be a table of zeros beside it.
            rates, momenta = rates.unbind(), momenta.unbind()
            penalties, weights, velocities = tensors[:count], tensors[count:2 * count], tensors[2 * count:]
            for step in range(begin, end):
                with torch.enable_grad():
                    here = weights if with_graph else [w.detach().requires_grad_() for w in weights]
                    loss = loss_of(here, inputs[batches[step]], labels[batches[step]])
                    loss = loss + sum((p * w * w).sum() for p, w in zip(penalties, here))
                    gradients = torch.autograd.grad(loss, here, create_graph=with_graph)
                velocities = [m * v - (1 - m) * g for m, v, g in zip(momenta[step], velocities, gradients)]
                weights = [w + a * v for a, w, v in zip(rates[step], weights, velocities)]
            return (*weights, *velocities)

        return steps

    def compute():
        rates = torch.full((case.steps, count), case.learning_rate, requires_grad=True)
        momenta = torch.full((case.steps, count), case.momentum, requires_grad=True)
        penalties = [torch.full(shape, case.l2, requires_grad=True) for shape in case.shapes]
        first = [torch.from_numpy(w.copy()).requires_grad_() for w in case.start]
        state = (*first, *[torch.zeros(shape) for shape in case.shapes])
        for begin in range(0, case.steps, chunk):
            steps = steps_from(begin, min(begin + chunk, case.steps))
            state = (Chunk.apply(steps, rates, momenta, *penalties, *state) if kind == "checkpointed"
                     else steps(True, rates, momenta, *penalties, *state))
        loss = loss_of(state[:count], validation_inputs, validation_labels)
        gradients = torch.autograd.grad(loss, [rates, momenta, *penalties, *first])
        return loss.item(), gradients[0].numpy()

    answer(case, f"PyTorch {torch.__version__}, {kind}", sys.argv[2], compute)


main()
