"""The hypergradient of a case by reverse-mode differentiation of a scan in JAX, with or without rematerialisation of each step.

Usage: python3 jax_peer.py FOLDER OUT scan|remat      (XLA_FLAGS and taskset choose the threads)
"""
import sys

import jax
import jax.numpy as jnp
import numpy

from case import Case, answer

EPSILON = 1e-5

ACTIVATIONS = {"tanh": jnp.tanh, "relu": jax.nn.relu, "gelu": lambda x: jax.nn.gelu(x, approximate=False)}


def outputs(network, weights, x):
    return through(network, iter(weights), x)


def through(layers, weights, x):
    """What layers make of a batch; they take their weights one after the other. Images and kernels have their channels last."""
    for layer in layers:
        x = of_layer(layer, weights, x)
        if "activation" in layer:
            x = ACTIVATIONS[layer["activation"]](x)
    return x


def of_layer(layer, weights, x):
    kind = layer["layer"]
    if kind == "dense":
        return x @ next(weights) + next(weights)
    if kind == "embedding":
        return next(weights)[x.astype(int)]
    if kind == "convolution":
        padding = [(layer.get("padding", 0),) * 2] * 2
        return jax.lax.conv_general_dilated(
            x, next(weights), (1, 1), padding, dimension_numbers=("NHWC", "HWIO", "NHWC")) + next(weights)
    if kind == "maxPool":
        window = (1, layer["size"], layer["size"], 1)
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, window, window, "VALID")
    if kind == "flatten":
        return x.reshape(len(x), -1)
    if kind == "globalAveragePool":
        return x.mean(axis=tuple(range(1, x.ndim - 1)))
    if kind == "layerNorm":
        return normalised(x, (-1,)) * next(weights) + next(weights)
    if kind == "groupNorm":
        groups = x.reshape(len(x), -1, layer["groups"], x.shape[-1] // layer["groups"])
        return normalised(groups, (1, 3)).reshape(x.shape) * next(weights) + next(weights)
    if kind == "positions":
        return x + next(weights)
    if kind == "attention":
        return attention(layer["heads"], weights, x)
    if kind == "residual":
        return x + through(layer["body"], weights, x)
    return x


def normalised(x, axes):
    return (x - x.mean(axes, keepdims=True)) / jnp.sqrt(x.var(axes, keepdims=True) + EPSILON)


def attention(heads, weights, x):
    query, key, value = (
        (x @ next(weights) + next(weights)).reshape(*x.shape[:2], heads, -1) for _ in range(3))
    scores = jnp.einsum("bqhd,bkhd->bhqk", query, key) / query.shape[-1] ** 0.5
    mixed = jnp.einsum("bhqk,bkhd->bqhd", jax.nn.softmax(scores), value)
    return mixed.reshape(x.shape) @ next(weights) + next(weights)


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
