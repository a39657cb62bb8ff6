"""The hypergradient of a case by unrolling training in PyTorch, in one piece or in chunks of the root of the steps: of these only the
states between are kept, and each is done again, with its graph, when its gradient is wanted; or in one piece in double precision, which
is what others are compared with.

Usage: OPENBLAS_CORETYPE=SKYLAKEX python3 torch_peer.py FOLDER OUT THREADS unrolled|checkpointed|double
"""
import math
import sys

import numpy
import torch

from case import Case, answer
from torch_network import images, loss_of, to_case, to_torch
from torch_optimizers import OPTIMIZERS


class Unrolled:
    def __init__(self, case, chunk):
        self.case, self.chunk = case, chunk
        self.optimizer = OPTIMIZERS[case.optimizer["name"]](case.optimizer)
        self.inputs, self.labels = images(case.inputs), torch.from_numpy(case.labels).long()
        self.validation = images(case.validation_inputs), torch.from_numpy(case.validation_labels).long()
        self.batches = torch.from_numpy(case.batches).long()
        self.count = len(case.shapes)
        self.start = [to_torch(w) for w in case.start]

    def steps(self, begin, end, tables, penalties, state, with_graph):
        """The state after steps begin to end; a state is the weights and the slots, one list of tensors."""
        n = self.count
        # Unbound once: the gradient of each row alone would be a table of zeros beside it.
        rows = zip(*(table.unbind() for table in tables))
        weights, slots = state[:n], [state[n * i:n * (i + 1)] for i in range(1, 1 + self.optimizer.slots)]
        for batch, row in zip(self.batches[begin:end], rows):
            with torch.enable_grad():
                here = weights if with_graph else [w.detach().requires_grad_() for w in weights]
                loss = loss_of(self.case.network, here, self.inputs[batch], self.labels[batch])
                gradients = torch.autograd.grad(loss, here, create_graph=with_graph)
            # The penalty's gradient by hand: an operation a tensor in place of four.
            gradients = [g.addcmul_(p, w, value=2) for g, p, w in zip(gradients, penalties, weights)]
            weights, slots = self.optimizer.step([values.unbind() for values in row], weights, slots, gradients)
        return [*weights, *(tensor for slot in slots for tensor in slot)]

    def forward(self, tables, penalties, state):
        """The states at the beginnings of the chunks, without a graph."""
        states = [state]
        with torch.no_grad():
            for begin in range(0, self.case.steps - self.chunk, self.chunk):
                rows = [table[begin:begin + self.chunk] for table in tables]
                states.append(self.steps(begin, begin + self.chunk, rows, penalties, states[-1], with_graph=False))
        return states

    def backward(self, states, tables, penalties):
        """The validation loss, and the adjoints of the tables, of the penalties and of the first state."""
        parts, adjoint, loss = [], None, None
        while states:
            begin = (len(states) - 1) * self.chunk
            leaves = [tensor.detach().requires_grad_() for tensor in states.pop()]
            rows = [table.detach()[begin:begin + self.chunk].requires_grad_() for table in tables]
            ends = self.steps(begin, min(begin + self.chunk, self.case.steps), rows, penalties, leaves, with_graph=True)
            if adjoint is None:
                ends = [loss_of(self.case.network, ends[:self.count], *self.validation)]
                loss = ends[0].item()
            found = torch.autograd.grad(ends, [*rows, *penalties, *leaves], adjoint)
            parts.insert(0, found[:len(tables)])
            now = found[len(tables):len(tables) + self.count]
            of_penalties = now if adjoint is None else [a.add_(b) for a, b in zip(of_penalties, now)]
            adjoint = found[len(tables) + self.count:]
        return loss, [torch.cat(rows) for rows in zip(*parts)], of_penalties, adjoint[:self.count]

    def compute(self):
        case = self.case
        schedules = {name: torch.full((case.steps, self.count), case.optimizer[name], requires_grad=True) for name in case.quantities}
        tables = self.optimizer.tables(schedules)
        penalties = [torch.full_like(w, case.l2).requires_grad_() for w in self.start]
        state = [*self.start, *(torch.zeros_like(w) for w in self.start * self.optimizer.slots)]
        loss, of_tables, of_penalties, of_start = self.backward(self.forward(tables, penalties, state), tables, penalties)
        # A table that is a schedule itself is its own leaf.
        of_schedules = torch.autograd.grad(tables, list(schedules.values()), of_tables)
        return loss, [*(g.numpy() for g in of_schedules), *(to_case(g) for g in of_start), *(to_case(g) for g in of_penalties)]


def main():
    kind = sys.argv[4]
    case = Case(sys.argv[1], numpy.float64 if kind == "double" else numpy.float32)
    torch.set_num_threads(int(sys.argv[3]))
    torch.set_default_dtype(torch.float64 if kind == "double" else torch.float32)
    chunk = max(1, math.isqrt(case.steps)) if kind == "checkpointed" else case.steps
    answer(case, f"PyTorch {torch.__version__}", sys.argv[2], Unrolled(case, chunk).compute)


main()
