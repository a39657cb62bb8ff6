"""A case's network in PyTorch: rows of features and tokens as the case has them; kernels [channels, input channels, height, width] and
images [channels, height, width], both in memory with their channels last, which takes about three quarters of the time here."""
import torch
from torch.nn import functional

# In place where what they are given is kept by no one.
ACTIVATIONS = {"tanh": torch.tanh_, "relu": torch.relu_, "gelu": functional.gelu}


def to_torch(array):
    """A tensor of parameters in PyTorch's order."""
    tensor = torch.from_numpy(array.copy())
    return tensor.permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last) if array.ndim == 4 else tensor


def to_case(tensor):
    """A tensor of parameters, or its gradient, in the case's order."""
    array = tensor.detach().numpy()
    return array.transpose(2, 3, 1, 0) if array.ndim == 4 else array


def images(array):
    """Inputs: rows of features and tokens as they are, or images."""
    return torch.from_numpy(array.transpose(0, 3, 1, 2) if array.ndim == 4 else array)


def outputs(network, weights, x):
    return through(network, iter(weights), x)


def through(layers, weights, x):
    """What layers make of a batch; they take their weights one after the other."""
    for layer in layers:
        x = of_layer(layer, weights, x)
        if "activation" in layer:
            x = ACTIVATIONS[layer["activation"]](x)
    return x


def of_layer(layer, weights, x):
    kind = layer["layer"]
    if kind == "dense":
        return affine(x, next(weights), next(weights))
    if kind == "embedding":
        return functional.embedding(x.long(), next(weights))
    if kind == "convolution":
        return functional.conv2d(x, next(weights), next(weights), padding=layer.get("padding", 0))
    if kind == "maxPool":
        return functional.max_pool2d(x, layer["size"])
    if kind == "flatten":
        # The case's order of features: channels last.
        return x.permute(0, 2, 3, 1).flatten(1)
    if kind == "globalAveragePool":
        return x.mean((2, 3) if x.ndim == 4 else 1)
    if kind == "layerNorm":
        return functional.layer_norm(x, x.shape[-1:], next(weights), next(weights))
    if kind == "groupNorm":
        return functional.group_norm(x, layer["groups"], next(weights), next(weights))
    if kind == "positions":
        return x + next(weights)
    if kind == "attention":
        return attention(layer["heads"], weights, x)
    if kind == "residual":
        return x + through(layer["body"], weights, x)
    return x


def affine(x, weight, bias):
    return torch.addmm(bias, x, weight) if x.ndim == 2 else functional.linear(x, weight.t(), bias)


def attention(heads, weights, x):
    """The fused kernels have no second derivatives."""
    query, key, value = (
        affine(x, next(weights), next(weights)).unflatten(-1, (heads, -1)).transpose(1, 2) for _ in range(3))
    scores = query @ key.transpose(2, 3) / query.shape[-1] ** 0.5
    mixed = torch.softmax(scores, -1) @ value
    return affine(mixed.transpose(1, 2).flatten(2), next(weights), next(weights))


def loss_of(network, weights, x, labels):
    return functional.cross_entropy(outputs(network, weights, x), labels)
