// Which cuBLAS is taken of several, and what can be told of a handle that a program lends: rules without a library.
//
// Majors 11, 12 and 13 have what we call under the same names and with the same parameters: cublasCreate_v2, Destroy_v2, Set- and
// GetStream_v2, SetWorkspace_v2, Set- and GetPointerMode_v2, Set- and GetMathMode, Set- and GetAtomicsMode, GetProperty, GetVersion_v2, and
// Sgemm- and DgemmStridedBatched(handle, op, op, int m, n, k, factor, A, int lda, long long stride, B, …, C, int ldc, long long stride, int
// count). So say the cublas_api.h of 11.11 (CUDA 11.8) and 12.4 (CUDA 12.4), compared line by line; from 12 on there are functions for
// sizes of 64 bits beside them (…_64), not in their place, in 13 too. The numbers that go in are the same: CUBLAS_OP_N 0, _T 1;
// CUBLAS_POINTER_MODE_HOST 0; CUBLAS_ATOMICS_NOT_ALLOWED 0; CUBLAS_DEFAULT_MATH 0, CUBLAS_TF32_TENSOR_OP_MATH 3; MAJOR_VERSION 0,
// MINOR_VERSION 1, PATCH_LEVEL 2. A handle is a pointer to what one library alone knows.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace hypergrad {

struct CublasVersion {
  int major = 0, minor = 0, patch = 0;

  std::string text() const { return std::to_string(major) + "." + std::to_string(minor); }

  // Whether cublasGetVersion says this version as `number`: 1000 a major at first, 10000 since 12.3.
  bool is(int number) const {
    const int rest = minor * 100 + patch;
    return number == major * 1000 + rest || number == major * 10000 + rest;
  }
};

constexpr int oldest_cublas = 11, newest_cublas = 13;

// The majors in the order in which they are looked for: those that the program has loaded already before the others, as what it lends is
// of one of them; among these, and among the rest, the one that the library was compiled with, then the newest.
template <class IsLoaded>
std::vector<int> cublas_majors(int compiled_with, const IsLoaded& is_loaded) {
  std::vector<int> majors{compiled_with};
  for (int major = newest_cublas; major >= oldest_cublas; major--)
    if (major != compiled_with) majors.push_back(major);
  std::stable_partition(majors.begin(), majors.end(), is_loaded);
  return majors;
}

// Why a handle that a program lends cannot be one of the cuBLAS that was taken; empty where nothing speaks against it. cuBLAS does not tell
// which library made a handle: cublasGetVersion answers for the library that is asked. But a program that lends a handle has that handle's
// library loaded, and where the one taken was loaded by us alone while there is another major, the handle is of that one. What cannot be
// told: which of two majors made it where the program had both, and a cuBLAS linked into the program.
template <class IsLoaded>
std::string why_not_of(const CublasVersion& taken, bool was_loaded_before, const IsLoaded& is_loaded) {
  if (was_loaded_before) return {};
  for (int major = newest_cublas; major >= oldest_cublas; major--)
    if (major != taken.major && is_loaded(major))
      return "the program has cuBLAS " + std::to_string(major) + " loaded, and the library computes with cuBLAS " + taken.text() +
             ", which it loaded by itself";
  return {};
}

}  // namespace hypergrad
