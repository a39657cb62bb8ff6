"""A case's network in PyTorch: kernels [channels, input channels, height, width] and images [channels, height, width], both in memory with
their channels last, which takes about three quarters of the time here."""
import torch
from torch.nn import functional

# In place: what they are given is kept by no one.
ACTIVATIONS = {"tanh": torch.tanh_, "relu": torch.relu_}


def to_torch(array):
    """A tensor of parameters in PyTorch's order."""
    tensor = torch.from_numpy(array.copy())
    return tensor.permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last) if array.ndim == 4 else tensor


def to_case(tensor):
    """A tensor of parameters, or its gradient, in the case's order."""
    array = tensor.detach().numpy()
    return array.transpose(2, 3, 1, 0) if array.ndim == 4 else array


def images(array):
    """Inputs: rows of features as they are, or images."""
    return torch.from_numpy(array if array.ndim == 2 else array.transpose(0, 3, 1, 2))


def outputs(network, weights, x):
    parameter = 0
    for layer in network:
        kind = layer["layer"]
        if kind == "dense":
            x = torch.addmm(weights[parameter + 1], x, weights[parameter])
        elif kind == "convolution":
            x = functional.conv2d(x, weights[parameter], weights[parameter + 1], padding=layer.get("padding", 0))
        elif kind == "maxPool":
            x = functional.max_pool2d(x, layer["size"])
        elif kind == "flatten":
            # The case's order of features: channels last.
            x = x.permute(0, 2, 3, 1).flatten(1)
        if kind in ("dense", "convolution"):
            parameter += 2
            if "activation" in layer:
                x = ACTIVATIONS[layer["activation"]](x)
    return x


def loss_of(network, weights, x, labels):
    return functional.cross_entropy(outputs(network, weights, x), labels)
