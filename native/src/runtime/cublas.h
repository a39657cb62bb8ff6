// The calls of cuBLAS 11, 12 or 13, in a library that is looked for when a device is first asked about: a build with CUDA then runs, on the
// host, where there is none.
#pragma once

#include <cublas_v2.h>

#include <string>

#include "runtime/cublas_choice.h"

namespace hypergrad {

struct Cublas {
  decltype(&cublasCreate) create;
  decltype(&cublasDestroy) destroy;
  decltype(&cublasSetStream) set_stream;
  decltype(&cublasGetStream) get_stream;
  decltype(&cublasSetWorkspace) set_workspace;
  decltype(&cublasSetPointerMode) set_pointer_mode;
  decltype(&cublasGetPointerMode) get_pointer_mode;
  decltype(&cublasSetMathMode) set_math_mode;
  decltype(&cublasGetMathMode) get_math_mode;
  decltype(&cublasSetAtomicsMode) set_atomics_mode;
  decltype(&cublasGetAtomicsMode) get_atomics_mode;
  decltype(&cublasGetProperty) get_property;
  decltype(&cublasGetVersion) get_version;
  decltype(&cublasSgemmStridedBatched) multiply_single;
  decltype(&cublasDgemmStridedBatched) multiply_double;

  // Refuses with HG_UNSUPPORTED where there is none.
  static const Cublas& instance();
  // Why there is none; empty where there is one.
  static const std::string& trouble();
  // Which one was taken; 0.0 where there is none.
  static const CublasVersion& version();
  // For people: "cuBLAS 12.4".
  static const std::string& description();
  // Refuses a handle of another cuBLAS, as far as that can be told.
  static void require_handle(cublasHandle_t handle);
};

}  // namespace hypergrad
