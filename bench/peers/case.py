"""A case that every system is given: data, start and schedules as files in a folder, and how a system answers.

A folder holds case.json and raw little-endian float32 and int32 arrays. A system reads them, computes the gradient of the validation loss
with respect to the learning rates and momenta of every step and tensor, the initial weights and an L2 penalty for each weight, prints one
line of JSON and writes its gradient of the learning rates, [steps x tensors] in float64, to the file that it is told.

The step is v <- m v - (1 - m) g, w <- w + a v. Seconds are the best of some rounds after those to warm up, and so
are the seconds of processors that all its threads used, which other programs on the machine change less; memory is how far the resident
set rose above what it was when the data had been read.
"""
import json
import os
import time

import numpy


class Case:
    def __init__(self, folder):
        with open(os.path.join(folder, "case.json"), encoding="utf-8") as file:
            settings = json.load(file)
        self.folder = folder
        self.layers = settings["layers"]
        self.batch = settings["batch"]
        self.steps = settings["steps"]
        self.learning_rate = settings["learningRate"]
        self.momentum = settings["momentum"]
        self.l2 = settings["l2"]
        self.rounds = settings["rounds"]
        self.shapes = [shape for i, o in zip(self.layers, self.layers[1:]) for shape in ((i, o), (o,))]
        size = self.layers[0]
        self.inputs = self.read("inputs", numpy.float32).reshape(-1, size)
        self.labels = self.read("labels", numpy.int32)
        self.validation_inputs = self.read("validationInputs", numpy.float32).reshape(-1, size)
        self.validation_labels = self.read("validationLabels", numpy.int32)
        self.batches = self.read("batches", numpy.int32).reshape(self.steps, self.batch)
        self.start = self.split(self.read("start", numpy.float32))

    def read(self, name, kind):
        return numpy.fromfile(os.path.join(self.folder, name + ".bin"), kind)

    def split(self, vector):
        tensors, offset = [], 0
        for shape in self.shapes:
            count = int(numpy.prod(shape))
            tensors.append(vector[offset:offset + count].reshape(shape))
            offset += count
        return tensors


def write_case(folder, layers, batch, steps, rounds, examples=1000, validation=500):
    """Noise in ten classes: times do not depend on what is learned."""
    os.makedirs(folder, exist_ok=True)
    random = numpy.random.default_rng(1)
    weights = []
    for i, o in zip(layers, layers[1:]):
        weights += [random.standard_normal((i, o)) / numpy.sqrt(i), 0.1 * random.standard_normal(o)]
    arrays = {
        "inputs": random.random((examples, layers[0]), dtype=numpy.float32),
        "labels": random.integers(0, layers[-1], examples, dtype=numpy.int32),
        "validationInputs": random.random((validation, layers[0]), dtype=numpy.float32),
        "validationLabels": random.integers(0, layers[-1], validation, dtype=numpy.int32),
        "batches": random.integers(0, examples, (steps, batch), dtype=numpy.int32),
        "start": numpy.concatenate([w.ravel() for w in weights]).astype(numpy.float32),
    }
    for name, array in arrays.items():
        array.tofile(os.path.join(folder, name + ".bin"))
    settings = {
        "layers": layers, "batch": batch, "steps": steps, "learningRate": 0.05, "momentum": 0.875, "l2": 1e-6, "rounds": rounds,
    }
    with open(os.path.join(folder, "case.json"), "w", encoding="utf-8") as file:
        json.dump(settings, file)


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


def answer(case, system, out, compute):
    """Runs compute(), which returns the validation loss and the gradient of the learning rates, and prints the line."""
    before = resident("VmRSS")
    reset_peak()
    loss, gradient = compute()
    memory = resident("VmHWM") - before
    seconds = processor_seconds = float("inf")
    for _ in range(case.rounds):
        begin, used_before = time.perf_counter(), time.process_time()
        compute()
        seconds = min(seconds, time.perf_counter() - begin)
        processor_seconds = min(processor_seconds, time.process_time() - used_before)
    numpy.asarray(gradient, numpy.float64).tofile(out)
    print(json.dumps({
        "system": system, "seconds": seconds, "processorSeconds": processor_seconds, "memory": memory, "validationLoss": float(loss),
    }), flush=True)
