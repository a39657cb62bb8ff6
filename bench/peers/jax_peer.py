"""The hypergradient of a case by reverse-mode differentiation of a scan in JAX, with or without rematerialisation of each step.

Usage: python3 jax_peer.py FOLDER OUT scan|remat      (XLA_FLAGS and taskset choose the threads)
"""
import sys

import jax
import jax.numpy as jnp
import numpy

from case import Case, answer

ACTIVATIONS = {"tanh": jnp.tanh, "relu": jax.nn.relu}


def outputs(network, weights, x):
    """Images and kernels have their channels last, as the case has them."""
    parameter = 0
    for layer in network:
        kind = layer["layer"]
        if kind == "dense":
            x = x @ weights[parameter] + weights[parameter + 1]
        elif kind == "convolution":
            padding = [(layer.get("padding", 0),) * 2] * 2
            x = jax.lax.conv_general_dilated(x, weights[parameter], (1, 1), padding, dimension_numbers=("NHWC", "HWIO", "NHWC"))
            x = x + weights[parameter + 1]
        elif kind == "maxPool":
            window = (1, layer["size"], layer["size"], 1)
            x = jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, window, window, "VALID")
        elif kind == "flatten":
            x = x.reshape(len(x), -1)
        if kind in ("dense", "convolution"):
            parameter += 2
            if "activation" in layer:
                x = ACTIVATIONS[layer["activation"]](x)
    return x


def momentum(row, weights, slots, gradients):
    (velocities,) = slots
    rates, momenta = row["learningRate"], row["momentum"]
    velocities = [momenta[i] * v - (1 - momenta[i]) * g for i, (v, g) in enumerate(zip(velocities, gradients))]
    return [w + rates[i] * v for i, (w, v) in enumerate(zip(weights, velocities))], [velocities]


def adamw(row, weights, slots, gradients):
    first, second = slots
    rates, beta1, beta2 = row["learningRate"], row["beta1"], row["beta2"]
    first = [beta1[i] * p + (1 - beta1[i]) * g for i, (p, g) in enumerate(zip(first, gradients))]
    second = [beta2[i] * s + (1 - beta2[i]) * g * g for i, (s, g) in enumerate(zip(second, gradients))]
    moved = []
    for i, (w, p, s) in enumerate(zip(weights, first, second)):
        direction = p / row["correction1"][i] / (jnp.sqrt(s / row["correction2"][i]) + row["epsilon"])
        moved.append(w * (1 - rates[i] * row["weightDecay"][i]) - rates[i] * direction)
    return moved, [first, second]


def main():
    case = Case(sys.argv[1])
    kind = sys.argv[3]
    step_of, slots = (adamw, 2) if case.optimizer["name"] == "adamw" else (momentum, 1)
    inputs, labels = jnp.asarray(case.inputs), jnp.asarray(case.labels)
    validation_inputs, validation_labels = jnp.asarray(case.validation_inputs), jnp.asarray(case.validation_labels)
    batches = jnp.asarray(case.batches)

    def loss_of(weights, x, y):
        return -jnp.take_along_axis(jax.nn.log_softmax(outputs(case.network, weights, x)), y[:, None], axis=1).mean()

    def trained(schedules, first, penalties):
        def step(state, now):
            weights, velocities = state
            rows, row = now
            gradients = jax.grad(loss_of)(weights, inputs[rows], labels[rows])
            gradients = [g + 2 * p * w for g, p, w in zip(gradients, penalties, weights)]
            return step_of(row, weights, velocities, gradients), None

        tables = dict(schedules)
        if slots == 2:
            tables["epsilon"] = jnp.full(case.steps, case.optimizer["epsilon"])
            tables["correction1"] = 1 - jnp.cumprod(schedules["beta1"], axis=0)
            tables["correction2"] = 1 - jnp.cumprod(schedules["beta2"], axis=0)
        body = jax.checkpoint(step) if kind == "remat" else step
        zeros = [[jnp.zeros(shape) for shape in case.shapes] for _ in range(slots)]
        (weights, _), _ = jax.lax.scan(body, (first, zeros), (batches, tables))
        return loss_of(weights, validation_inputs, validation_labels)

    function = jax.jit(jax.value_and_grad(trained, argnums=(0, 1, 2)))
    schedules = {name: jnp.full((case.steps, len(case.shapes)), case.optimizer[name]) for name in case.quantities}
    penalties = [jnp.full(shape, case.l2) for shape in case.shapes]
    first = [jnp.asarray(w) for w in case.start]

    def compute():
        loss, (of_schedules, of_start, of_penalties) = jax.block_until_ready(function(schedules, first, penalties))
        return loss, [numpy.asarray(part) for part in (*(of_schedules[name] for name in case.quantities), *of_start, *of_penalties)]

    compute()
    answer(case, f"JAX {jax.__version__}", sys.argv[2], compute)


main()
