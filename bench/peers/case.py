"""A case that every system is given: data, start and schedules as files in a folder, and how a system answers.

A folder holds case.json, a case of bench/cases.json with all of its fields, and raw little-endian float32 and int32 arrays. A system
reads them, computes the gradient of the validation loss with respect to the optimizer's quantities at every step and tensor, the initial
weights and an L2 penalty for each weight, prints one line of JSON and writes the gradient, in that order and in float64, to a file.

Momentum's step is v <- m v - (1 - m) g, w <- w + a v. AdamW's is w <- (1 - a d) w, p <- b1 p + (1 - b1) g, s <- b2 s + (1 - b2) g^2,
w <- w - a p^ / (sqrt(s^) + epsilon) with the moments divided by 1 less the product of their decays so far.

Seconds are the best of some rounds after those to warm up, or of a first one that takes long, and so are the seconds of processors that all
its threads used, which other programs on the machine change less; memory is how far the resident set rose above what it was when the
data had been read.
"""
import json
import os
import time

import numpy

from cases import input_sizes, parameters_of, quantities_of, shapes_of

# Of a first run, in seconds of the processor: little of it is warming up, and so it counts.
LONG_SECONDS = 3
# Seconds of the process after which no further round begins.
ENOUGH_SECONDS = 20


class Case:
    def __init__(self, folder, precision=numpy.float32):
        with open(os.path.join(folder, "case.json"), encoding="utf-8") as file:
            settings = json.load(file)
        self.folder = folder
        self.input = input_sizes(settings)
        self.network = settings["network"]
        self.optimizer = settings["optimizer"]
        self.quantities = quantities_of(settings)
        self.batch = settings["batch"]
        self.steps = settings["steps"]
        self.l2 = settings["l2"]
        self.rounds = settings["rounds"]
        self.shapes = shapes_of(settings)
        self.inputs = self.read("inputs", numpy.float32).astype(precision, copy=False).reshape(-1, *self.input)
        self.labels = self.read("labels", numpy.int32)
        self.validation_inputs = self.read("validationInputs", numpy.float32).astype(precision, copy=False).reshape(-1, *self.input)
        self.validation_labels = self.read("validationLabels", numpy.int32)
        self.batches = self.read("batches", numpy.int32).reshape(self.steps, self.batch)
        self.start = self.split(self.read("start", numpy.float32).astype(precision, copy=False))

    def read(self, name, kind):
        return numpy.fromfile(os.path.join(self.folder, name + ".bin"), kind)

    def split(self, vector):
        tensors, offset = [], 0
        for shape in self.shapes:
            count = int(numpy.prod(shape))
            tensors.append(vector[offset:offset + count].reshape(shape))
            offset += count
        return tensors

    def joined(self, tensors):
        return numpy.concatenate([tensor.ravel() for tensor in tensors])


def write_case(folder, case, rounds, examples=1000, validation=500):
    """Noise in ten classes: times do not depend on what is learned. Its mean is 0, as that of prepared inputs is: with a mean of 1/2 a
    thousand steps of the cases' learning rates are chaotic, with hypergradients of 1e34 that no two systems agree in."""
    os.makedirs(folder, exist_ok=True)
    random = numpy.random.default_rng(1)
    vocabulary = case["input"].get("tokens")

    def inputs(count):
        sizes = (count, int(numpy.prod(input_sizes(case))))
        return (random.random(sizes, dtype=numpy.float32) - numpy.float32(0.5) if vocabulary is None
                else random.integers(0, vocabulary, sizes).astype(numpy.float32))

    weights = []
    for shape, mean in parameters_of(case):
        scale = 0.1 if len(shape) == 1 else 1 / numpy.sqrt(numpy.prod(shape[:-1]))
        weights.append(mean + scale * random.standard_normal(shape))
    arrays = {
        "inputs": inputs(examples),
        "labels": random.integers(0, 10, examples, dtype=numpy.int32),
        "validationInputs": inputs(validation),
        "validationLabels": random.integers(0, 10, validation, dtype=numpy.int32),
        "batches": random.integers(0, examples, (case["steps"], case["batch"]), dtype=numpy.int32),
        "start": numpy.concatenate([w.ravel() for w in weights]).astype(numpy.float32),
    }
    for name, array in arrays.items():
        array.tofile(os.path.join(folder, name + ".bin"))
    with open(os.path.join(folder, "case.json"), "w", encoding="utf-8") as file:
        json.dump({**case, "rounds": rounds}, file)


def resident(field):
    """VmRSS or VmHWM of this process, in bytes; the latter is the most since reset_peak."""
    with open("/proc/self/status", encoding="utf-8") as file:
        for line in file:
            if line.startswith(field + ":"):
                return 1024 * int(line.split()[1])
    raise RuntimeError(f"/proc/self/status has no {field}")


def reset_peak():
    with open("/proc/self/clear_refs", "w", encoding="utf-8") as file:
        file.write("5")


def timed(compute):
    begin, used_before = time.perf_counter(), time.process_time()
    result = compute()
    return time.perf_counter() - begin, time.process_time() - used_before, result


def answer(case, system, out, compute):
    """Runs compute(), which returns the validation loss and the parts of the gradient in the order above, and prints the line."""
    begin = time.perf_counter()
    before = resident("VmRSS")
    reset_peak()
    seconds, processor_seconds, (loss, gradient) = timed(compute)
    memory = resident("VmHWM") - before
    done = 1
    if processor_seconds < LONG_SECONDS:
        seconds, processor_seconds, done = float("inf"), float("inf"), 0
    while done < case.rounds and (done == 0 or time.perf_counter() - begin < ENOUGH_SECONDS):
        took, used, _ = timed(compute)
        seconds, processor_seconds, done = min(seconds, took), min(processor_seconds, used), done + 1
    numpy.concatenate([numpy.asarray(part, numpy.float64).ravel() for part in gradient]).tofile(out)
    print(json.dumps({
        "system": system, "seconds": seconds, "processorSeconds": processor_seconds, "memory": memory, "validationLoss": float(loss),
    }), flush=True)
