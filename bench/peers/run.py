"""Other systems' hypergradients beside ours, in one run: results are compared, then times and memory are shown in one table and one picture.

Usage: ./build.sh bench peers [--quick] [--threads N] [--rounds N] [--out FOLDER]
Every system gets the same case (case.py), each in a process of its own, in turns. What is not here is named, with the remedy.
"""
import argparse
import datetime
import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile

import numpy

from case import write_case
from picture import draw

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(HERE, "../../artifacts/bin/Hypergrad.Benchmarks/release/Hypergrad.Benchmarks.dll")
NATIVE = os.environ.get("HYPERGRAD_NATIVE_PATH", "")
SECONDS_EACH = 900
# Single precision against double; ours and the 2015 arithmetic round momenta alike, since 7/8 is a ratio of both.
TOLERANCE = 1e-2


def has(module):
    return importlib.util.find_spec(module) is not None


class System:
    """A system: how it is run, and why it is not here."""

    def __init__(self, name, command, missing=None):
        self.name, self.command, self.missing = name, command, missing


def systems(threads):
    python = sys.executable

    def ours(backend, method, missing=None):
        return System(f"Hypergrad {backend}, {method}",
                      lambda folder, out: ["dotnet", PROGRAM, "peer-case", folder, out, str(threads), backend, method], missing)

    def script(name, file, *more, missing=None):
        return System(name, lambda folder, out: [python, os.path.join(HERE, file), folder, out, *more], missing)

    no_native = None if NATIVE else "the native library is not built: ./build.sh native"
    no_torch = None if has("torch") else "PyTorch is not installed: apt-get install python3-torch libopenblas0-pthread"
    no_jax = None if has("jax") else "JAX is not installed for this Python: pip install jax, and name that Python in PYTHON"
    return [
        ours("managed", "reversible"),
        ours("managed", "memory"),
        ours("managed", "drmad"),
        ours("native-host", "reversible", no_native),
        script("PyTorch, unrolled", "torch_peer.py", str(threads), "unrolled", missing=no_torch),
        script("PyTorch, checkpointed", "torch_peer.py", str(threads), "checkpointed", missing=no_torch),
        script("JAX, scan", "jax_peer.py", "scan", missing=no_jax),
        script("JAX, scan with remat", "jax_peer.py", "remat", missing=no_jax),
        script("numpy, 2015's arithmetic", "numpy_reversible.py"),
        script("numpy, DrMAD's arithmetic", "numpy_drmad.py"),
    ]


def environment(threads):
    # OpenBLAS chooses slow kernels on processors that it does not know; these are the fastest of the AVX-512 ones (bench/products.sh).
    here = dict(os.environ, OPENBLAS_NUM_THREADS=str(threads), OMP_NUM_THREADS=str(threads))
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        if "avx512f" in file.read():
            here.setdefault("OPENBLAS_CORETYPE", "SKYLAKEX")
    return here


def run(system, folder, threads):
    """The line and the gradient, or why there are none."""
    with tempfile.TemporaryDirectory() as results:
        out = os.path.join(results, "gradient.bin")
        try:
            done = subprocess.run(system.command(folder, out), capture_output=True, text=True, timeout=SECONDS_EACH,
                                  env=environment(threads), check=False)
        except subprocess.TimeoutExpired:
            return None, f"took more than {SECONDS_EACH} s"
        if done.returncode != 0:
            return None, (done.stderr.strip().splitlines() or ["no message"])[-1]
        line = json.loads(done.stdout.strip().splitlines()[-1])
        return {**line, "gradient": numpy.fromfile(out)}, None


def difference(gradient, reference):
    return float(numpy.linalg.norm(gradient - reference) / numpy.linalg.norm(reference))


def compare(answers):
    """What is wrong with the results of one case: every exact system against all others by ours, DrMAD's against our drmad method."""
    wrong = []
    exact, line = answers.get("Hypergrad managed, reversible"), answers.get("Hypergrad managed, drmad")
    for name, answer in answers.items():
        reference = line if "drmad" in name.lower() else exact
        if reference is None:
            wrong.append(f"{name}: there is nothing of ours to compare it with")
            continue
        answer["difference"] = difference(answer["gradient"], reference["gradient"])
        loss = abs(answer["validationLoss"] - reference["validationLoss"]) / abs(reference["validationLoss"])
        if not (answer["difference"] <= TOLERANCE and loss <= TOLERANCE):
            wrong.append(f"{name}: its gradient differs by {answer['difference']:.1e} and its loss by {loss:.1e}")
    return wrong


def cases(quick):
    if quick:
        return [("steps", 10, [784, 20, 20, 10]), ("steps", 20, [784, 20, 20, 10]), ("width", 10, [784, 40, 40, 10])]
    return ([("steps", steps, [784, 50, 50, 50, 10]) for steps in (25, 50, 100, 200, 400)]
            + [("width", 50, [784, width, width, 10]) for width in (64, 128, 256, 512, 1024)])


def write_table(file, measured, missing, threads):
    file.write("# Hypergradients by several systems\n\n")
    file.write(f"{datetime.date.today()}, {platform.machine()}, {threads} thread{'s' if threads > 1 else ''}, single precision (numpy: double), "
               "batch 200; gradients of learning rates and momenta per step and tensor, of the initial weights and of an L2 per weight. "
               "Seconds are the best of some rounds, memory is what the resident set rose by, difference is that of the learning rates' "
               "gradient from ours (reversible; for DrMAD, our drmad).\n\n")
    file.write("| network | steps | system | time | memory | difference |\n|---|---:|---|---:|---:|---:|\n")
    for (_, steps, layers), answers in measured:
        for name, answer in answers.items():
            file.write(f"| {'-'.join(map(str, layers))} | {steps} | {name} | {1000 * answer['seconds']:.1f} ms | "
                       f"{answer['memory'] / 1e6:.1f} MB | {answer['difference']:.0e} |\n")
    if missing:
        file.write("\nNot in the table: " + "; ".join(f"{name}: {reason}" for name, reason in missing.items()) + ".\n")


def main():
    parser = argparse.ArgumentParser(prog="./build.sh bench peers", description="Other systems' hypergradients beside ours.")
    parser.add_argument("--quick", action="store_true", help="small cases, to see that it works")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many counts")
    parser.add_argument("--out", default=os.path.join(HERE, "../../artifacts/peers"), help="a folder for peers.md and peers.svg")
    options = parser.parse_args()
    if options.threads < 1 or options.rounds < 1:
        parser.error("--threads and --rounds must be at least 1")
    missing, measured, wrong = {}, [], []
    for kind, steps, layers in cases(options.quick):
        with tempfile.TemporaryDirectory() as folder:
            write_case(folder, layers, 200, steps, options.rounds)
            answers = {}
            for system in systems(options.threads):
                if system.missing:
                    missing.setdefault(system.name, system.missing)
                    continue
                print(f"{'-'.join(map(str, layers))}, {steps} steps: {system.name}", file=sys.stderr, flush=True)
                answer, trouble = run(system, folder, options.threads)
                if trouble:
                    missing[f"{system.name} at {'-'.join(map(str, layers))}, {steps} steps"] = trouble
                    continue
                answers[system.name] = answer
            wrong += [f"{'-'.join(map(str, layers))}, {steps} steps: {problem}" for problem in compare(answers)]
            measured.append(((kind, steps, layers), answers))
    for name, reason in missing.items():
        print(f"not here: {name}: {reason}")
    if wrong:
        sys.exit("The results differ, and so no times are shown:\n" + "\n".join(wrong))
    print("The results agree.")
    os.makedirs(options.out, exist_ok=True)
    with open(os.path.join(options.out, "peers.md"), "w", encoding="utf-8") as file:
        write_table(file, measured, missing, options.threads)
    with open(os.path.join(options.out, "peers.svg"), "w", encoding="utf-8") as file:
        file.write(draw(measured))
    write_table(sys.stdout, measured, missing, options.threads)
    print(f"Written: peers.md and peers.svg in {os.path.relpath(options.out)}.")


main()
