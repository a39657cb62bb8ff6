"""Tunes a learning-rate schedule, a rate for every step and layer, by its hypergradient: trains a small network on two interleaved spirals,
asks for the gradient of the validation loss with respect to all rates at once, and descends their logarithms.

NumPy is used where it is installed, to show arrays going in and out by DLPack; without it, array.array does.
"""

import array
import ctypes
import math
import random
import sys

import hypergrad as hg

try:
    import numpy
except ImportError:
    numpy = None

UNITS, CLASSES, EXAMPLES, STEPS, GROUPS, META_STEPS = 16, 2, 200, 60, 2, 30
MOMENTUM = (58982, 65536)  # a ratio, as the exact arithmetic multiplies by it


def spirals(generator):
    """Points of two spirals, one after the other in turn, and their classes."""
    points, classes = array.array("d"), array.array("i")
    for i in range(EXAMPLES):
        along = generator.random()
        angle = 4.5 * along + math.pi * (i % 2)
        points.extend([2 * along * math.cos(angle) + 0.1 * (generator.random() - 0.5),
                       2 * along * math.sin(angle) + 0.1 * (generator.random() - 0.5)])
        classes.append(i % 2)
    return points, classes


def tensor(values, *shape):
    """A tensor over the array, which is NumPy's where NumPy is there: both are over the same memory."""
    return hg.tensor(numpy.frombuffer(values, dtype=values.typecode).reshape(shape) if numpy else values, *shape)


def describe(rates):
    """The network, the optimizer and how minibatches are drawn; the rates stay the caller's, and are read at every call."""
    numbers = [2, UNITS, CLASSES]
    shapes = [("W1", 2, UNITS), ("b1", 1, UNITS), ("W2", UNITS, CLASSES), ("b2", 1, CLASSES)]
    values = hg.many(hg.Value(numbers=n) for n in numbers)
    parameters = hg.many(hg.Parameter(rows=rows, columns=columns, name=name.encode()) for name, rows, columns in shapes)
    operations = hg.many([
        hg.Operation(kind=hg.AFFINE, input=0, output=1, first=0, second=1, activation=hg.TANH),
        hg.Operation(kind=hg.AFFINE, input=1, output=2, first=2, second=3, activation=hg.IDENTITY)])

    # Momentum: v ← γ v, v ← v − (1 − γ) g, w ← w + α v.
    gamma = MOMENTUM[0] / MOMENTUM[1]
    one_group = hg.many(hg.GroupPattern(first=0, period=1, divisor=1) for _ in shapes)
    layers = hg.many(hg.GroupPattern(first=layer, period=1, divisor=1) for layer in (0, 0, 1, 1))
    doubles, ints = ctypes.c_double * STEPS, ctypes.c_int32 * STEPS
    coefficients = hg.many([
        hg.Coefficient(groups=1, patterns=one_group, values=doubles(*[gamma] * STEPS), numerators=ints(*[MOMENTUM[0]] * STEPS),
                       denominators=ints(*[MOMENTUM[1]] * STEPS), name=b"momentum"),
        hg.Coefficient(groups=1, patterns=one_group, values=doubles(*[gamma - 1] * STEPS), name=b"momentum"),
        hg.Coefficient(groups=GROUPS, patterns=layers, values=(ctypes.c_double * len(rates)).from_buffer(rates), name=b"learning rate")])
    slots = hg.many([hg.Slot(name=b"velocity")])
    updates = hg.many([
        hg.Update(kind=hg.DECAY, target=0, coefficient=0), hg.Update(kind=hg.KICK, target=0, coefficient=1),
        hg.Update(kind=hg.DRIFT, target=-1, coefficient=2, slot=0)])
    return hg.SessionDescription(
        values=values, value_count=3, parameters=parameters, parameter_count=4, operations=operations, operation_count=2, slots=slots,
        slot_count=1, coefficients=coefficients, coefficient_count=3, updates=updates, update_count=3, output=2, outputs=CLASSES,
        has_class_targets=1, loss=hg.SOFTMAX_CROSS_ENTROPY, precision=hg.DOUBLE, examples=EXAMPLES, sampling=hg.SHUFFLED, batch_size=50,
        seed=1, steps=STEPS, replicas=1)


def main():
    generator = random.Random(1)
    inputs, classes = spirals(generator)
    validation_inputs, validation_classes = spirals(generator)
    weights = array.array("d", (generator.random() - 0.5 for _ in range(2 * UNITS + UNITS + UNITS * CLASSES + CLASSES)))
    rates, gradient = array.array("d", [0.2] * STEPS * GROUPS), array.array("d", bytes(8 * STEPS * GROUPS))
    run, pointer = describe(rates), ctypes.pointer
    request = hg.HypergradientRequest(
        run=pointer(run), initial_weights=pointer(tensor(weights, len(weights))), inputs=pointer(tensor(inputs, EXAMPLES, 2)),
        targets=pointer(tensor(classes, EXAMPLES)), validation_inputs=pointer(tensor(validation_inputs, EXAMPLES, 2)),
        validation_targets=pointer(tensor(validation_classes, EXAMPLES)), validation_has_class_targets=1, method=hg.REVERSIBLE)
    wanted = (ctypes.POINTER(hg.Tensor) * 3)(None, None, pointer(tensor(gradient, STEPS, GROUPS)))

    losses = []
    with hg.Library().host() as context:
        for meta_step in range(META_STEPS + 1):
            result = hg.HypergradientResult(coefficients=wanted)
            context.hypergradient(request, result)
            losses.append(result.validation_loss)
            exactness = "to the bit" if result.is_exact else "inexactly"
            bits = result.resident_bits_per_weight + STEPS * result.bits_per_weight_step
            if meta_step % 5 == 0:
                print(f"meta-step {meta_step:2}: validation loss {losses[-1]:.6f}, {bits:.1f} bits stored a weight, reversed {exactness}")
            # α ← α e^(−η α ∂F/∂α / ‖α ∂F/∂α‖∞): a step of at most η along the gradient by log α.
            largest = max(abs(rate * slope) for rate, slope in zip(rates, gradient))
            for i, slope in enumerate(gradient):
                rates[i] *= math.exp(-0.2 * rates[i] * slope / largest)
    print(f"arrays by {'NumPy and DLPack' if numpy else 'array.array'}; validation loss {losses[0]:.6f} before, {losses[-1]:.6f} after")
    return 0 if losses[-1] < losses[0] else 1


if __name__ == "__main__":
    sys.exit(main())
