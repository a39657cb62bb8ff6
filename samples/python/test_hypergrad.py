"""The module against the library: every struct's size and fields, and what is refused."""

import array
import unittest

import hypergrad as hg

STRUCTS = {
    "hg_value": hg.Value, "hg_parameter": hg.Parameter, "hg_operation": hg.Operation, "hg_group_pattern": hg.GroupPattern,
    "hg_slot": hg.Slot, "hg_coefficient": hg.Coefficient, "hg_update": hg.Update, "hg_session_description": hg.SessionDescription,
    "hg_tensor": hg.Tensor, "hg_hypergradient_request": hg.HypergradientRequest, "hg_hypergradient_result": hg.HypergradientResult,
}


class Dlpack:
    """An array of somebody else: hands out a DLManagedTensor over memory of its own."""

    def __init__(self, tensor):
        self.tensor = tensor

    def __dlpack__(self):
        import ctypes
        make = ctypes.pythonapi.PyCapsule_New
        make.restype, make.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
        return make(ctypes.addressof(self.tensor), b"dltensor", None)


class Module(unittest.TestCase):
    def setUp(self):
        self.library = hg.Library()

    def test_structs_are_those_of_the_library(self):
        for name, structure in STRUCTS.items():
            self.assertEqual(hg.ctypes.sizeof(structure), self.library.layout(name), name)
            for field, _ in structure._fields_:
                self.assertEqual(getattr(structure, field).offset, self.library.layout(name, field), f"{name}.{field}")

    def test_an_error_has_the_words_of_the_library(self):
        with self.library.host() as context, self.assertRaisesRegex(hg.HypergradError, "The pointer 'run' is null"):
            context.hypergradient(hg.HypergradientRequest(), hg.HypergradientResult())

    def test_an_array_of_another_length_is_refused(self):
        with self.assertRaisesRegex(ValueError, "An array of 3 numbers does not have the shape"):
            hg.tensor(array.array("d", [1, 2, 3]), 2, 2)

    def test_dlpack_capsules_are_read_where_they_are(self):
        numbers = array.array("f", [1, 2, 3, 4])
        read = hg.tensor(Dlpack(hg.tensor(numbers, 2, 2)))
        self.assertEqual((read.data, read.code, read.bits, read.shape[0]), (numbers.buffer_info()[0], 2, 32, 2))


if __name__ == "__main__":
    unittest.main()
