"""A tanh perceptron with softmax cross-entropy in numpy: loss, gradient and Hessian-vector product, passes written out by hand."""
import numpy


def forward(weights, x):
    values = [x]
    for layer in range(0, len(weights), 2):
        z = values[-1] @ weights[layer] + weights[layer + 1]
        values.append(numpy.tanh(z) if layer < len(weights) - 2 else z)
    return values


def softmax(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    e = numpy.exp(shifted)
    total = e.sum(axis=1, keepdims=True)
    return e / total, shifted - numpy.log(total)


def gradient(weights, x, labels):
    """The mean loss and its gradient, and what the Hessian-vector product at the same place goes on from."""
    values = forward(weights, x)
    probabilities, logs = softmax(values[-1])
    rows = numpy.arange(len(labels))
    delta = probabilities.copy()
    delta[rows, labels] -= 1
    delta /= len(labels)
    gradients, deltas = [None] * len(weights), [None] * (len(weights) // 2)
    for layer in range(len(weights) - 2, -1, -2):
        deltas[layer // 2] = delta
        a = values[layer // 2]
        gradients[layer], gradients[layer + 1] = a.T @ delta, delta.sum(axis=0)
        if layer > 0:
            delta = (delta @ weights[layer].T) * (1 - a * a)
    return -logs[rows, labels].mean(), gradients, (values, probabilities, deltas)


def hessian_product(weights, kept, direction):
    """Pearlmutter's R-operator along a direction, after gradient() at the same weights and batch."""
    values, probabilities, deltas = kept
    tangent, tangents = None, [None]
    for layer in range(0, len(weights), 2):
        a = values[layer // 2]
        z = a @ direction[layer] + direction[layer + 1]
        if tangent is not None:
            z = z + tangent @ weights[layer]
        out = values[layer // 2 + 1]
        tangent = (1 - out * out) * z if layer < len(weights) - 2 else z
        tangents.append(tangent)
    delta_tangent = probabilities * (tangent - (probabilities * tangent).sum(axis=1, keepdims=True)) / len(tangent)
    product = [None] * len(weights)
    for layer in range(len(weights) - 2, -1, -2):
        a, a_tangent, delta = values[layer // 2], tangents[layer // 2], deltas[layer // 2]
        product[layer], product[layer + 1] = a.T @ delta_tangent, delta_tangent.sum(axis=0)
        if a_tangent is not None:
            product[layer] = product[layer] + a_tangent.T @ delta
        if layer > 0:
            back, slope = delta @ weights[layer].T, 1 - a * a
            delta_tangent = (delta_tangent @ weights[layer].T + delta @ direction[layer].T) * slope - 2 * a * a_tangent * back
    return product
