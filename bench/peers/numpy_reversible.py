"""Our own reading, in numpy, of the arithmetic of the 2015 implementation of reversible training: float64 gradients, positions and
velocities in 64-bit fixed point, and the bits that a decay loses in one big integer for each weight.

Usage: python3 numpy_reversible.py FOLDER OUT
"""
import sys

import numpy

from case import Case, answer
from perceptron import gradient, hessian_product

SCALE = 2.0 ** 52
DENOMINATOR = 1000


class Exact:
    """Fixed-point numbers that can be multiplied by a ratio and divided by it again."""

    def __init__(self, values):
        self.whole = (values * SCALE).astype(numpy.int64)
        self.bits = numpy.zeros(len(values), dtype=object)

    def values(self):
        return self.whole / SCALE

    def add(self, change):
        self.whole += (change * SCALE).astype(numpy.int64)

    def subtract(self, change):
        self.whole -= (change * SCALE).astype(numpy.int64)

    def multiply(self, n, d):
        self.bits = self.bits * d + self.whole % d
        self.whole = self.whole // d * n + (self.bits % n).astype(numpy.int64)
        self.bits //= n

    def divide(self, n, d):
        self.bits = self.bits * n + self.whole % n
        self.whole = self.whole // n * d + (self.bits % d).astype(numpy.int64)
        self.bits //= d


def main():
    case = Case(sys.argv[1])
    start = case.joined(case.start).astype(numpy.float64)
    inputs, validation = case.inputs.astype(numpy.float64), case.validation_inputs.astype(numpy.float64)
    bounds = numpy.cumsum([0] + [int(numpy.prod(shape)) for shape in case.shapes])
    n = round(case.optimizer["momentum"] * DENOMINATOR)
    momentum, rate = n / DENOMINATOR, case.optimizer["learningRate"]

    def evaluate(w, step):
        rows = case.batches[step]
        weights = case.split(w)
        _, gradients, kept = gradient(weights, inputs[rows], case.labels[rows])
        return case.joined(gradients) + 2 * case.l2 * w, weights, kept

    def compute():
        x, v = Exact(start), Exact(numpy.zeros_like(start))
        for step in range(case.steps):
            g, _, _ = evaluate(x.values(), step)
            v.multiply(n, DENOMINATOR)
            v.subtract((1 - momentum) * g)
            x.add(rate * v.values())
        loss, gradients, _ = gradient(case.split(x.values()), validation, case.validation_labels)
        w_bar = case.joined(gradients)
        v_bar, l2_bar = numpy.zeros_like(w_bar), numpy.zeros_like(w_bar)
        rates, momenta = numpy.zeros((case.steps, len(case.shapes))), numpy.zeros((case.steps, len(case.shapes)))
        for step in range(case.steps - 1, -1, -1):
            velocity = v.values()
            rates[step] = numpy.add.reduceat(w_bar * velocity, bounds[:-1])
            x.subtract(rate * velocity)
            w = x.values()
            g, weights, kept = evaluate(w, step)
            v.add((1 - momentum) * g)
            v.divide(n, DENOMINATOR)
            v_bar = v_bar + rate * w_bar
            momenta[step] = numpy.add.reduceat(v_bar * (v.values() + g), bounds[:-1])
            u = -(1 - momentum) * v_bar
            product = hessian_product(weights, kept, case.split(u))
            w_bar = w_bar + case.joined(product) + 2 * case.l2 * u
            l2_bar += 2 * w * u
            v_bar = momentum * v_bar
        if not numpy.array_equal(x.whole, (start * SCALE).astype(numpy.int64)):
            raise RuntimeError("the reversal did not come back to its start")
        return loss, [rates, momenta, w_bar, l2_bar]

    answer(case, f"numpy {numpy.__version__}", sys.argv[2], compute)


main()
