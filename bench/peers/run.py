"""Other systems' hypergradients beside ours, in one run: results are compared, then times and memory are shown in one table and one picture.

Usage: ./build.sh bench peers [--quick] [--threads N] [--rounds N] [--turns N] [--steps N...] [--widths N...] [--out FOLDER]
Every system gets the same case (case.py), each in a process of its own, in turns. What is not here is named, with the remedy.
"""
import argparse
import ctypes
import ctypes.util
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
TORCH_PROGRAM = os.path.join(HERE, "../../artifacts/bin/Hypergrad.TorchPeer/release_linux-x64/Hypergrad.TorchPeer.dll")
TRIXIE = os.path.join(HERE, "../../tests/cross/trixie.sh")
NATIVE = os.environ.get("HYPERGRAD_NATIVE_PATH", "")
SECONDS_EACH = 900
# Single precision against double; ours and the 2015 arithmetic round momenta alike, since 7/8 is a ratio of both.
TOLERANCE = 1e-2


def has(module):
    return importlib.util.find_spec(module) is not None


def libtorch():
    """How LibTorch's program is started, and why it cannot be: its libraries want a newer C++ library than Debian 12 has."""
    if not os.path.exists(TORCH_PROGRAM):
        return None, "it is not built: dotnet build bench/Hypergrad.TorchPeer --configuration Release"
    if has_newer_cxx_library():
        return ["dotnet", TORCH_PROGRAM], None
    if os.path.exists(os.path.join(os.environ.get("TRIXIE", "/var/tmp/hypergrad-trixie"), "etc/debian_version")):
        return [TRIXIE, "dotnet", TORCH_PROGRAM], None
    return None, "the C++ library here has no GLIBCXX_3.4.32: make a folder with Debian 13 by tests/cross/trixie.sh true"


def has_newer_cxx_library():
    """Whether the C++ library has GLIBCXX_3.4.32, which came with GCC 13.2."""
    name = ctypes.util.find_library("stdc++")
    try:
        return hasattr(ctypes.CDLL(name), "_ZSt21ios_base_library_initv")
    except (OSError, TypeError):
        return False


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

    libtorch_command, no_libtorch = libtorch()
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
        System("LibTorch (TorchSharp), unrolled", lambda folder, out: [*libtorch_command, folder, out, str(threads)], no_libtorch),
        script("JAX, scan", "jax_peer.py", "scan", missing=no_jax),
        script("JAX, scan with remat", "jax_peer.py", "remat", missing=no_jax),
        script("numpy, 2015's arithmetic", "numpy_reversible.py"),
        script("numpy, DrMAD's arithmetic", "numpy_drmad.py"),
    ]


def environment(threads):
    # OpenBLAS chooses slow kernels on processors that it does not know; these are the fastest of the AVX-512 ones (bench/products.sh).
    here = dict(os.environ, OPENBLAS_NUM_THREADS=str(threads), OMP_NUM_THREADS=str(threads), DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="1")
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


def cases(options):
    if options.quick:
        return [("steps", 10, [784, 20, 20, 10]), ("steps", 20, [784, 20, 20, 10]), ("width", 10, [784, 40, 40, 10])]
    return ([("steps", steps, [784, 50, 50, 50, 10]) for steps in options.steps]
            + [("width", 50, [784, width, width, 10]) for width in options.widths])


def write_table(file, measured, missing, options):
    threads = options.threads
    file.write("# Hypergradients by several systems\n\n")
    file.write(f"{datetime.date.today()}, {platform.machine()}, {threads} thread{'s' if threads > 1 else ''}, single precision (numpy: double), "
               "batch 200; gradients of learning rates and momenta per step and tensor, of the initial weights and of an L2 per weight. "
               f"Times are the best of {options.turns} turns of {options.rounds} rounds, memory is what the resident set rose by, difference is that of the learning rates' "
               "gradient from ours (reversible; for DrMAD, our drmad).\n\n")
    file.write("| network | steps | system | time | processor time | memory | difference |\n|---|---:|---|---:|---:|---:|---:|\n")
    for (_, steps, layers), answers in measured:
        for name, answer in answers.items():
            file.write(f"| {'-'.join(map(str, layers))} | {steps} | {name} | {1000 * answer['seconds']:.1f} ms | {1000 * answer['processorSeconds']:.1f} ms | "
                       f"{answer['memory'] / 1e6:.1f} MB | {answer['difference']:.0e} |\n")
    if missing:
        file.write("\nNot in the table: " + "; ".join(f"{name}: {reason}" for name, reason in missing.items()) + ".\n")


def measure(case, folder, threads, turns, missing):
    """Every system's answer to a case. They take turns, so that what else the machine does falls on all; the best time and memory count."""
    answers = {}
    for turn in range(turns):
        for system in systems(threads):
            if system.missing:
                missing.setdefault(system.name, system.missing)
                continue
            failed = f"{system.name} at {case}"
            if failed in missing:
                continue
            print(f"{case}, turn {turn + 1}: {system.name}", file=sys.stderr, flush=True)
            answer, trouble = run(system, folder, threads)
            if trouble:
                missing[failed] = trouble
                answers.pop(system.name, None)
                continue
            before = answers.get(system.name, answer)
            answers[system.name] = {**answer, **{field: min(answer[field], before[field]) for field in ("seconds", "processorSeconds", "memory")}}
    return answers


def write_files(measured, missing, options):
    os.makedirs(options.out, exist_ok=True)
    with open(os.path.join(options.out, "peers.md"), "w", encoding="utf-8") as file:
        write_table(file, measured, missing, options)
    with open(os.path.join(options.out, "peers.svg"), "w", encoding="utf-8") as file:
        file.write(draw(measured, "processorSeconds" if options.busy else "seconds"))


def main():
    parser = argparse.ArgumentParser(prog="./build.sh bench peers", description="Other systems' hypergradients beside ours.")
    parser.add_argument("--quick", action="store_true", help="small cases, to see that it works")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many counts")
    parser.add_argument("--turns", type=int, default=1, help="so often each system is started, after all the others")
    parser.add_argument("--steps", type=int, nargs="+", default=[25, 50, 100, 200, 400], help="against these numbers of steps")
    parser.add_argument("--widths", type=int, nargs="+", default=[64, 128, 256, 512, 1024], help="and these widths")
    parser.add_argument("--out", default=os.path.join(HERE, "../../artifacts/peers"), help="a folder for peers.md and peers.svg")
    parser.add_argument("--busy", action="store_true", help="other programs run here too: the picture shows processor time")
    options = parser.parse_args()
    if min(options.threads, options.rounds, options.turns) < 1:
        parser.error("--threads, --rounds and --turns must be at least 1")
    missing, measured, wrong = {}, [], []
    for kind, steps, layers in cases(options):
        with tempfile.TemporaryDirectory() as folder:
            write_case(folder, layers, 200, steps, options.rounds)
            case = f"{'-'.join(map(str, layers))}, {steps} steps"
            answers = measure(case, folder, options.threads, options.turns, missing)
            wrong += [f"{case}: {problem}" for problem in compare(answers)]
            measured.append(((kind, steps, layers), answers))
            if not wrong:
                # After every case, so that a run that is ended early leaves what it found.
                write_files(measured, missing, options)
    for name, reason in missing.items():
        print(f"not here: {name}: {reason}")
    if wrong:
        sys.exit("The results differ, and so no times are shown:\n" + "\n".join(wrong))
    print("The results agree.")
    write_table(sys.stdout, measured, missing, options)
    print(f"Written: peers.md and peers.svg in {os.path.relpath(options.out)}.")


main()
