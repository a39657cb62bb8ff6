"""The systems that are compared: how each is started, what it can compute, and why one is not here."""
import ctypes
import ctypes.util
import importlib.util
import os
import sys

import numpy

from cases import multiplications_of, shapes_of

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(HERE, "../../artifacts/bin/Hypergrad.Benchmarks/release/Hypergrad.Benchmarks.dll")
TORCH_PROGRAM = os.path.join(HERE, "../../artifacts/bin/Hypergrad.TorchPeer/release_linux-x64/Hypergrad.TorchPeer.dll")
TRIXIE = os.path.join(HERE, "../../tests/cross/trixie.sh")
NATIVE = os.environ.get("HYPERGRAD_NATIVE_PATH", "")

OURS, OUR_LINE, OUR_DOUBLE = "Hypergrad managed, reversible", "Hypergrad managed, drmad", "Hypergrad managed, double"
TORCH_DOUBLE, LIBTORCH_DOUBLE = "PyTorch, double", "LibTorch, double"
DOUBLES = (TORCH_DOUBLE, LIBTORCH_DOUBLE)
NUMPY_2015, NUMPY_DRMAD = "numpy, 2015's arithmetic", "numpy, DrMAD's arithmetic"


class System:
    """A system: how it is started for a folder, a file and a number of threads; why it is not here; and whether it takes a case."""

    def __init__(self, name, command, missing=None, takes=lambda case: True, seconds=lambda case: 0):
        self.name, self.command, self.missing, self.takes, self.seconds = name, command, missing, takes, seconds


def is_of_momentum(case):
    return case["optimizer"]["name"] == "momentum"


def is_tanh_perceptron(case):
    dense = all(layer["layer"] == "dense" and layer.get("activation", "tanh") == "tanh" for layer in case["network"])
    return dense and is_of_momentum(case)


def is_claim(case):
    return bool(case["claims"])


def is_no_claim(case):
    return not case["claims"]


def has_kinks(case):
    """Whether a unit within rounding of a kink may fall on its other side, after which single precision tells little of a gradient."""
    return any(layer.get("activation") == "relu" or layer["layer"] == "maxPool" for layer in case["network"])


def is_claim_or_has_kinks(case):
    return is_claim(case) or has_kinks(case)


def double_of(name):
    """The same system in double precision."""
    return f"{name.split(',')[0]}, double"


def seconds_of_integers(case):
    """About how long numpy takes over one big integer for each weight, there and back."""
    return 0.6e-6 * case["steps"] * sum(int(numpy.prod(shape)) for shape in shapes_of(case))


def seconds_of_loops(case):
    """About how long the native library takes by its own loops, for nine products as large as the forward pass's in each step."""
    return 18 * case["steps"] * case["batch"] * multiplications_of(case) / 9e9


def has(module):
    return importlib.util.find_spec(module) is not None


def libtorch():
    """How LibTorch's program is started, and why it cannot be: its libraries want a newer C++ library than Debian 12 has."""
    if not os.path.exists(TORCH_PROGRAM):
        return [], "it is not built: dotnet build bench/Hypergrad.TorchPeer --configuration Release"
    if has_newer_cxx_library():
        return ["dotnet", TORCH_PROGRAM], None
    if os.path.exists(os.path.join(os.environ.get("TRIXIE", "/var/tmp/hypergrad-trixie"), "etc/debian_version")):
        return [TRIXIE, "dotnet", TORCH_PROGRAM], None
    return [], "the C++ library here has no GLIBCXX_3.4.32: make a folder with Debian 13 by tests/cross/trixie.sh true"


def has_newer_cxx_library():
    """Whether the C++ library has GLIBCXX_3.4.32, which came with GCC 13.2."""
    name = ctypes.util.find_library("stdc++")
    try:
        return hasattr(ctypes.CDLL(name), "_ZSt21ios_base_library_initv")
    except (OSError, TypeError):
        return False


def ours(backend, method, **more):
    def command(folder, out, threads):
        return ["dotnet", PROGRAM, "peer-case", folder, out, str(threads), backend, method]

    return System(f"Hypergrad {backend}, {method}", command, **more)


def script(name, file, *arguments, takes_threads=False, prefix=lambda threads: [], **more):
    def command(folder, out, threads):
        given = [str(threads)] if takes_threads else []
        return [*prefix(threads), sys.executable, os.path.join(HERE, file), folder, out, *given, *arguments]

    return System(name, command, **more)


def all_systems():
    """Ours first: the others are compared with them."""
    libtorch_command, no_libtorch = libtorch()
    no_native = None if NATIVE else "the native library is not built: ./build.sh native"
    no_torch = None if has("torch") else "PyTorch is not installed: apt-get install python3-torch libopenblas0-pthread"
    no_jax = None if has("jax") else "JAX is not installed for this Python: pip install jax, and name that Python in PYTHON"
    systems = [
        ours("managed", "reversible"),
        ours("managed", "memory"),
        ours("managed", "values", takes=is_of_momentum),
        ours("managed", "double", takes=is_claim_or_has_kinks),
        ours("managed", "drmad", takes=is_of_momentum),
        ours("native-host", "reversible", missing=no_native, takes=is_no_claim, seconds=seconds_of_loops),
    ]
    for kind in ("unrolled", "checkpointed"):
        systems.append(script(f"PyTorch, {kind}", "torch_peer.py", kind, takes_threads=True, missing=no_torch, takes=is_no_claim))
    systems.append(script(TORCH_DOUBLE, "torch_peer.py", "double", takes_threads=True, missing=no_torch, takes=has_kinks))
    for kind, takes in (("unrolled", is_no_claim), ("checkpointed", is_no_claim), ("double", has_kinks)):
        systems.append(System(
            f"LibTorch, {kind}", lambda folder, out, threads, kind=kind: [*libtorch_command, folder, out, str(threads), kind],
            missing=no_libtorch, takes=takes))
    for kind in ("scan", "remat"):
        # XLA has as many threads as the process has processors.
        systems.append(script(
            f"JAX, {kind}", "jax_peer.py", kind, prefix=lambda threads: ["taskset", "-c", f"0-{threads - 1}"], missing=no_jax,
            takes=is_no_claim))
    systems += [
        script(NUMPY_2015, "numpy_reversible.py", takes=is_tanh_perceptron, seconds=seconds_of_integers),
        script(NUMPY_DRMAD, "numpy_drmad.py", takes=is_tanh_perceptron),
    ]
    return systems
