"""The cases of bench/cases.json, which the suite of our own side reads too, and those made from them: other lengths and other widths."""
import copy
import json
import math
import os

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../cases.json")


def read():
    """All cases by name, each with all of its fields: one that is like another has the other's where it has none of its own."""
    with open(FILE, encoding="utf-8") as file:
        lists = json.load(file)
    cases = {}
    for case in lists["suite"] + lists["claims"]:
        whole = {**cases.get(case.get("like"), {}), **case}
        whole.pop("like", None)
        cases[case["name"]] = {"claims": [], **whole}
    return cases


def of_length(case, steps):
    """A case over another number of steps."""
    return {**case, "name": f"{case['name']}, {steps} steps", "steps": steps}


def of_width(case, width, steps):
    """A perceptron with two hidden layers of a width, trained and penalised as a case is."""
    network = copy.deepcopy(case["network"][:2] + case["network"][-1:])
    for layer in network[:-1]:
        layer["units"] = width
    sizes = case["input"]["shape"] + [layer["units"] for layer in network]
    return {**case, "name": f"width {width}", "title": "-".join(map(str, sizes)) + ", tanh", "network": network, "steps": steps}


def quantities_of(case):
    """The optimizer's numbers, each of which has a gradient at every step and tensor. Epsilon is a constant: at 1e-8, Adam would divide the
    smallest gradients by their own rounding, and no two systems would agree."""
    return [name for name in case["optimizer"] if name not in ("name", "epsilon")]


def input_sizes(case):
    """Of an example as it is stored: numbers of a shape, or the numbers of its tokens."""
    given = case["input"]
    return given["shape"] if "shape" in given else [given["length"]]


def input_shape(case):
    """The same for the layers, a token being a row of zeros with a one."""
    vocabulary = case["input"].get("tokens")
    return [*input_sizes(case), *([] if vocabulary is None else [vocabulary])]


def shapes_of(case):
    """The shape of each parameter tensor, a layer's weights before its biases; images and kernels have their channels last."""
    return [shape for shape, _ in parameters_of(case)]


def parameters_of(case):
    """The shape of each parameter tensor, and around what its numbers begin: 1 where they scale, or else 0."""
    return network_of(case["network"], input_shape(case))[1]


def multiplications_of(case):
    """Multiplications of one example's forward pass: what the products of a step are counted in."""
    return network_of(case["network"], input_shape(case))[2]


def network_of(layers, shape):
    """What shape layers lead to from another, their parameters, and their multiplications."""
    parameters, multiplications = [], 0
    for layer in layers:
        shape, own, count = layer_of(layer, shape)
        parameters, multiplications = parameters + own, multiplications + count
    return shape, parameters, multiplications


def affine(*shape):
    """Weights and biases."""
    return [(shape, 0), (shape[-1:], 0)]


def layer_of(layer, shape):
    """The same of one layer."""
    kind, channels, positions = layer["layer"], shape[-1], math.prod(shape[:-1])
    if kind == "dense":
        return [*shape[:-1], layer["units"]], affine(channels, layer["units"]), positions * channels * layer["units"]
    if kind == "embedding":
        return [*shape[:-1], layer["width"]], [((channels, layer["width"]), 0)], 0
    if kind == "convolution":
        kernel, padding, outputs = layer["kernel"], layer.get("padding", 0), layer["channels"]
        size = [side + 2 * padding - kernel + 1 for side in shape[:2]]
        return [*size, outputs], affine(kernel, kernel, channels, outputs), math.prod(size) * kernel ** 2 * channels * outputs
    if kind == "maxPool":
        return [shape[0] // layer["size"], shape[1] // layer["size"], channels], [], 0
    if kind == "flatten":
        return [math.prod(shape)], [], 0
    if kind == "globalAveragePool":
        return [channels], [], 0
    if kind == "activation":
        return shape, [], 0
    if kind in ("groupNorm", "layerNorm"):
        return shape, [((channels,), 1), ((channels,), 0)], 0
    if kind == "positions":
        return shape, [(tuple(shape), 0)], 0
    if kind == "attention":
        return shape, 4 * affine(channels, channels), 4 * positions * channels ** 2 + 2 * positions ** 2 * channels
    if kind == "residual":
        return network_of(layer["body"], shape)
    raise ValueError(f"the peers have no layer {kind}")
