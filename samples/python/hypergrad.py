"""Hypergrad's C library for Python, over ctypes and the standard library alone.

It has what a whole hypergradient takes: a run described, tensors over arrays, one call. Arrays of NumPy, PyTorch, JAX and others are taken
as they are, by DLPack, on the processor or on a CUDA device; nothing of them is copied here.
"""

import array
import ctypes
import os
import sys
from ctypes import POINTER, Structure, byref, c_char_p, c_double, c_int32, c_int64, c_uint8, c_uint16, c_uint64, c_void_p

ABI_VERSION = 2

TANH, RELU, SIGMOID, SOFTPLUS, GELU, IDENTITY = range(6)
AFFINE = 0
DECAY, KICK, DRIFT = range(3)
SINGLE, DOUBLE = range(2)
SOFTMAX_CROSS_ENTROPY, SQUARED = range(2)
EXPLICIT_BATCHES, WITH_REPLACEMENT, SHUFFLED, FULL_BATCH = range(4)
REVERSIBLE, CHECKPOINTED = range(2)


class HypergradError(Exception):
    """What the library said was wrong."""


class _Sized(Structure):
    """A struct of the library, which begins with its size."""

    def __init__(self, **fields):
        super().__init__(**fields)
        self.struct_size = ctypes.sizeof(self)


class Value(_Sized):
    _fields_ = [("struct_size", c_int32), ("numbers", c_int32)]


class Parameter(_Sized):
    _fields_ = [("struct_size", c_int32), ("rows", c_int32), ("columns", c_int32), ("reserved", c_int32), ("name", c_char_p)]


class Operation(_Sized):
    _fields_ = (
        [("struct_size", c_int32)]
        + [(name, c_int32) for name in (
            "kind", "input", "other", "output", "first", "second", "activation", "is_maximum", "is_transposed", "is_causal", "positions",
            "groups", "heads", "rows", "columns", "depth", "left_row_stride", "left_head_stride", "right_row_stride", "right_head_stride",
            "result_row_stride", "result_head_stride", "ordinal")]
        + [("factor", c_double), ("rate", c_double), ("window", c_void_p)]
    )


class GroupPattern(_Sized):
    _fields_ = [("struct_size", c_int32), ("first", c_int32), ("period", c_int32), ("divisor", c_int32)]


class Slot(_Sized):
    _fields_ = [("struct_size", c_int32), ("is_second_moment", c_int32), ("name", c_char_p)]


class Coefficient(_Sized):
    _fields_ = [
        ("struct_size", c_int32), ("groups", c_int32), ("patterns", POINTER(GroupPattern)), ("values", POINTER(c_double)),
        ("numerators", POINTER(c_int32)), ("denominators", POINTER(c_int32)), ("name", c_char_p),
    ]


class Update(_Sized):
    _fields_ = [(name, c_int32) for name in (
        "struct_size", "kind", "target", "coefficient", "function", "direction", "slot", "second_slot", "correction", "second_correction",
        "epsilon", "reserved")]


class SessionDescription(_Sized):
    _fields_ = (
        [("struct_size", c_int64), ("values", POINTER(Value)), ("parameters", POINTER(Parameter)), ("operations", POINTER(Operation)),
         ("slots", POINTER(Slot)), ("coefficients", POINTER(Coefficient)), ("updates", POINTER(Update)), ("inputs", c_void_p),
         ("targets", c_void_p), ("example_weights", POINTER(c_double)), ("batch_offsets", POINTER(c_int64)),
         ("batch_examples", POINTER(c_int32)), ("l2", POINTER(c_double)), ("l1", POINTER(c_double)), ("seed", c_uint64),
         ("dropout_seed", c_uint64)]
        + [(name, c_int32) for name in (
            "value_count", "parameter_count", "operation_count", "slot_count", "coefficient_count", "update_count", "output", "outputs",
            "vocabulary", "has_class_targets", "loss", "precision", "input_type", "target_type", "examples", "sampling", "batch_size",
            "steps", "replicas", "allow_tf32")]
        + [("dataset", c_uint64)]
    )


class Tensor(Structure):
    """hg_tensor, which is DLPack's DLTensor."""

    _fields_ = [
        ("data", c_void_p), ("device_type", c_int32), ("device_id", c_int32), ("dimensions", c_int32), ("code", c_uint8), ("bits", c_uint8),
        ("lanes", c_uint16), ("shape", POINTER(c_int64)), ("strides", POINTER(c_int64)), ("byte_offset", c_uint64),
    ]


class HypergradientRequest(_Sized):
    _fields_ = (
        [("struct_size", c_int64), ("run", POINTER(SessionDescription))]
        + [(name, POINTER(Tensor)) for name in (
            "initial_weights", "inputs", "targets", "example_weights", "l2", "l1", "validation_inputs", "validation_targets")]
        + [("memory_budget", c_int64)]
        + [(name, c_int32) for name in ("validation_has_class_targets", "method", "verify_every", "snapshots")]
    )


class HypergradientResult(_Sized):
    _fields_ = (
        [("struct_size", c_int64), ("initial_weights", POINTER(Tensor)), ("slots", POINTER(POINTER(Tensor))),
         ("coefficients", POINTER(POINTER(Tensor)))]
        + [(name, POINTER(Tensor)) for name in (
            "l2", "l1", "inputs", "targets", "example_weights", "final_weights", "training_losses", "validation_losses", "error_rates")]
        + [(name, c_double) for name in (
            "validation_loss", "bits_per_weight_step", "resident_bits_per_weight", "entropy_bits_per_weight_step", "adjoint_growth")]
        + [(name, c_int32) for name in (
            "adjoint_growth_step", "is_exact", "hashes_taken", "hashes_met", "fault", "fault_step", "fault_parameter", "fault_slot")]
    )


def many(structs):
    """A ctypes array of structs of one kind."""
    structs = list(structs)
    return (type(structs[0]) * len(structs))(*structs)


def tensor(values, *shape):
    """A tensor over an array, which it keeps alive: anything with __dlpack__, or an array.array of the shape given (its length by default).

    An array that is to be written, such as a result's, is written in place.
    """
    made = _tensor_of_array(values, shape) if isinstance(values, array.array) else _tensor_of_dlpack(values)
    made.keeps = (values, getattr(made, "keeps", None))
    return made


_CODES = {"i": 0, "l": 0, "q": 0, "b": 0, "h": 0, "I": 1, "L": 1, "Q": 1, "B": 1, "H": 1, "f": 2, "d": 2}


def _tensor_of_array(values, shape):
    shape = shape or (len(values),)
    count = 1
    for length in shape:
        count *= length
    if count != len(values):
        raise ValueError(f"An array of {len(values)} numbers does not have the shape {shape}.")
    lengths = (c_int64 * len(shape))(*shape)
    made = Tensor(data=values.buffer_info()[0], device_type=1, dimensions=len(shape), code=_CODES[values.typecode],
                  bits=8 * values.itemsize, lanes=1, shape=lengths)
    made.keeps = lengths
    return made


def _tensor_of_dlpack(values):
    # A capsule named "dltensor" holds a DLManagedTensor, which begins with the DLTensor and goes with the capsule, unless somebody renames
    # it. It is only read here, so that it stays the capsule's.
    capsule = values.__dlpack__()
    pointer_in = ctypes.pythonapi.PyCapsule_GetPointer
    pointer_in.restype, pointer_in.argtypes = c_void_p, [ctypes.py_object, c_char_p]
    made = Tensor.from_buffer_copy(Tensor.from_address(pointer_in(capsule, b"dltensor")))
    made.keeps = capsule
    return made


def _library_path():
    name = {"win32": "hypergrad.dll", "darwin": "libhypergrad.dylib"}.get(sys.platform, "libhypergrad.so")
    return os.environ.get("HYPERGRAD_LIBRARY", name)


class Library:
    """The loaded library: HYPERGRAD_LIBRARY names its file, or the system finds it."""

    def __init__(self, path=None):
        self._native = ctypes.CDLL(path or _library_path())
        self._native.hg_last_error.restype = c_char_p
        version = self._native.hg_abi_version()
        if version != ABI_VERSION:
            raise HypergradError(f"The library has ABI version {version}, and this module is for {ABI_VERSION}.")

    def check(self, status):
        if status != 0:
            raise HypergradError(self._native.hg_last_error().decode())

    def layout(self, structure, field=None):
        """The size of a struct, or where a field begins, in bytes."""
        size = c_int64()
        self.check(self._native.hg_layout(structure.encode(), field.encode() if field else None, byref(size)))
        return size.value

    def host(self):
        """A context on this machine's processor."""
        return Context(self, lambda handle: self._native.hg_context_create_host(handle))

    def device(self, number=0):
        """A context on a CUDA device."""
        return Context(self, lambda handle: self._native.hg_context_create_device(number, handle))


class Context:
    """Where hypergradients are computed; to be used in a with statement."""

    def __init__(self, library, create):
        self._library, self._handle = library, c_uint64()
        library.check(create(byref(self._handle)))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._library.check(self._library._native.hg_destroy(self._handle))

    def hypergradient(self, request, result):
        """Computes; the result's tensors are written, and its numbers filled in."""
        self._library.check(self._library._native.hg_hypergradient_compute(self._handle, byref(request), byref(result)))
