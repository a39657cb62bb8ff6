#include "runtime/driver_cuda.h"

#include <cuda_runtime.h>

#include "runtime/error.h"

namespace hypergrad {

namespace {

// The calls as CUDA 11.8, the oldest that we build with, has them: later ones have others by the same names.
template <class Function>
void find(const char* name, Function& function) {
  void* found = nullptr;
#if CUDART_VERSION >= 12050
  cudaDriverEntryPointQueryResult result = cudaDriverEntryPointSymbolNotFound;
  const cudaError_t error = cudaGetDriverEntryPointByVersion(name, &found, 11080, cudaEnableDefault, &result);
#elif CUDART_VERSION >= 12000
  cudaDriverEntryPointQueryResult result = cudaDriverEntryPointSymbolNotFound;
  const cudaError_t error = cudaGetDriverEntryPoint(name, &found, cudaEnableDefault, &result);
#else
  const cudaError_t error = cudaGetDriverEntryPoint(name, &found, cudaEnableDefault);
#endif
  if (error != cudaSuccess || found == nullptr) {
    cudaGetLastError();
    fail(HG_UNSUPPORTED, "The CUDA driver has no ", name, "; a newer one is needed to adopt a device.");
  }
  function = reinterpret_cast<Function>(found);
}

Driver find_all() {
  Driver driver{};
  find("cuCtxPushCurrent", driver.push_context);
  find("cuCtxPopCurrent", driver.pop_context);
  find("cuCtxGetDevice", driver.device_of_context);
  find("cuStreamGetCtx", driver.context_of_stream);
  find("cuDeviceGet", driver.device);
  find("cuDevicePrimaryCtxRetain", driver.retain_primary_context);
  find("cuDevicePrimaryCtxRelease", driver.release_primary_context);
  return driver;
}

}  // namespace

const Driver& Driver::instance() {
  static const Driver driver = find_all();
  return driver;
}

void check_driver(CUresult result, const char* what) {
  if (result == CUDA_SUCCESS) return;
  const char* const meaning = result == CUDA_ERROR_OUT_OF_MEMORY        ? " (its memory is full)"
                              : result == CUDA_ERROR_DEVICE_UNAVAILABLE ? " (another program holds it exclusively)"
                                                                        : "";
  fail(result == CUDA_ERROR_OUT_OF_MEMORY ? HG_OUT_OF_MEMORY : HG_DEVICE_ERROR, "The CUDA driver failed while ", what, ": error ",
       static_cast<int>(result), meaning, ".");
}

}  // namespace hypergrad
