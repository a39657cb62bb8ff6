"""The cases of bench/cases.json, which the suite of our own side reads too, and those made from them: other lengths and other widths."""
import copy
import json
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


def shapes_of(case):
    """The shape of each parameter tensor, a layer's weights before its biases; images and kernels have their channels last."""
    shape, found = list(case["input"]["shape"]), []
    for layer in case["network"]:
        kind = layer["layer"]
        if kind == "dense":
            found += [(shape[-1], layer["units"]), (layer["units"],)]
            shape = [*shape[:-1], layer["units"]]
        elif kind == "convolution":
            kernel, padding = layer["kernel"], layer.get("padding", 0)
            found += [(kernel, kernel, shape[2], layer["channels"]), (layer["channels"],)]
            shape = [shape[0] + 2 * padding - kernel + 1, shape[1] + 2 * padding - kernel + 1, layer["channels"]]
        elif kind == "maxPool":
            shape = [shape[0] // layer["size"], shape[1] // layer["size"], shape[2]]
        elif kind == "flatten":
            shape = [shape[0] * shape[1] * shape[2]]
        else:
            raise ValueError(f"the peers have no layer {kind}")
    return found


def multiplications_of(case):
    """Multiplications of one example's forward pass: what the products of a step are counted in."""
    shape, count = list(case["input"]["shape"]), 0
    for layer in case["network"]:
        if layer["layer"] == "convolution":
            count += shape[0] * shape[1] * layer["kernel"] ** 2 * shape[2] * layer["channels"]
            shape[2] = layer["channels"]
        elif layer["layer"] == "maxPool":
            shape = [shape[0] // layer["size"], shape[1] // layer["size"], shape[2]]
        elif layer["layer"] == "flatten":
            shape = [shape[0] * shape[1] * shape[2]]
        elif layer["layer"] == "dense":
            count += shape[-1] * layer["units"]
            shape = [layer["units"]]
    return count
