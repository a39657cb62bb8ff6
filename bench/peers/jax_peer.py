"""The hypergradient of a case by reverse-mode differentiation of a scan in JAX, with or without rematerialisation of each step.

Usage: python3 jax_peer.py FOLDER OUT scan|remat      (XLA_FLAGS and taskset choose the threads)
"""
import sys

import jax
import jax.numpy as jnp
import numpy

from case import Case, answer


def main():
    case = Case(sys.argv[1])
    kind = sys.argv[3]
    tensors = len(case.shapes)
    inputs, labels = jnp.asarray(case.inputs), jnp.asarray(case.labels)
    validation_inputs, validation_labels = jnp.asarray(case.validation_inputs), jnp.asarray(case.validation_labels)
    batches = jnp.asarray(case.batches)

    def loss_of(weights, x, y):
        for layer in range(0, tensors, 2):
            x = x @ weights[layer] + weights[layer + 1]
            if layer < tensors - 2:
                x = jnp.tanh(x)
        return -jnp.take_along_axis(jax.nn.log_softmax(x), y[:, None], axis=1).mean()

    def trained(rates, momenta, penalties, first):
        def penalised(weights, rows):
            return loss_of(weights, inputs[rows], labels[rows]) + sum((p * w * w).sum() for p, w in zip(penalties, weights))

        def step(state, now):
            weights, velocities = state
            rows, rate, momentum = now
            gradients = jax.grad(penalised)(weights, rows)
            velocities = [momentum[i] * v - (1 - momentum[i]) * g for i, (v, g) in enumerate(zip(velocities, gradients))]
            return ([w + rate[i] * v for i, (w, v) in enumerate(zip(weights, velocities))], velocities), None

        body = jax.checkpoint(step) if kind == "remat" else step
        (weights, _), _ = jax.lax.scan(body, (first, [jnp.zeros(shape) for shape in case.shapes]), (batches, rates, momenta))
        return loss_of(weights, validation_inputs, validation_labels)

    function = jax.jit(jax.value_and_grad(trained, argnums=(0, 1, 2, 3)))
    rates = jnp.full((case.steps, tensors), case.learning_rate)
    momenta = jnp.full((case.steps, tensors), case.momentum)
    penalties = [jnp.full(shape, case.l2) for shape in case.shapes]
    first = [jnp.asarray(w) for w in case.start]

    def compute():
        loss, gradients = jax.block_until_ready(function(rates, momenta, penalties, first))
        return float(loss), numpy.asarray(gradients[0])

    compute()
    answer(case, f"JAX {jax.__version__}, {kind}", sys.argv[2], compute)


main()
