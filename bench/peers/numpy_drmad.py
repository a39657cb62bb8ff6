"""Our own reading, in numpy, of DrMAD's arithmetic: float64, the weights on a straight line from first to last on the way back, the
velocity the slope of that line over the learning rate. An approximation: it is compared with our own drmad method.

Usage: python3 numpy_drmad.py FOLDER OUT
"""
import sys

import numpy

from case import Case, answer
from perceptron import gradient, hessian_product


def main():
    case = Case(sys.argv[1])
    start = case.joined(case.start).astype(numpy.float64)
    inputs, validation = case.inputs.astype(numpy.float64), case.validation_inputs.astype(numpy.float64)
    bounds = numpy.cumsum([0] + [int(numpy.prod(shape)) for shape in case.shapes])
    momentum, rate, steps = case.optimizer["momentum"], case.optimizer["learningRate"], case.steps

    def evaluate(w, step):
        rows = case.batches[step]
        weights = case.split(w)
        _, gradients, kept = gradient(weights, inputs[rows], case.labels[rows])
        return case.joined(gradients) + 2 * case.l2 * w, weights, kept

    def compute():
        w, v = start.copy(), numpy.zeros_like(start)
        for step in range(steps):
            g, _, _ = evaluate(w, step)
            v = momentum * v - (1 - momentum) * g
            w = w + rate * v
        end = w
        loss, gradients, _ = gradient(case.split(end), validation, case.validation_labels)
        w_bar = case.joined(gradients)
        v_bar, l2_bar = numpy.zeros_like(w_bar), numpy.zeros_like(w_bar)
        rates, momenta = numpy.zeros((steps, len(case.shapes))), numpy.zeros((steps, len(case.shapes)))
        slope = (end - start) / steps / rate
        for step in range(steps - 1, -1, -1):
            rates[step] = numpy.add.reduceat(w_bar * slope, bounds[:-1])
            w = start + step / steps * (end - start)
            g, weights, kept = evaluate(w, step)
            v_bar = v_bar + rate * w_bar
            momenta[step] = numpy.add.reduceat(v_bar * (slope + g if step > 0 else g), bounds[:-1])
            u = -(1 - momentum) * v_bar
            product = hessian_product(weights, kept, case.split(u))
            w_bar = w_bar + case.joined(product) + 2 * case.l2 * u
            l2_bar += 2 * w * u
            v_bar = momentum * v_bar
        return loss, [rates, momenta, w_bar, l2_bar]

    answer(case, f"numpy {numpy.__version__}", sys.argv[2], compute)


main()
