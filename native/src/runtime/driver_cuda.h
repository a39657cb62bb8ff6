// The few calls of CUDA's driver that adopting a driver context needs. They are found through the runtime, so that a build needs no driver.
#pragma once

#include <cuda.h>

namespace hypergrad {

struct Driver {
  CUresult(CUDAAPI* push_context)(CUcontext);
  CUresult(CUDAAPI* pop_context)(CUcontext*);
  CUresult(CUDAAPI* device_of_context)(CUdevice*);  // of the current one
  CUresult(CUDAAPI* context_of_stream)(CUstream, CUcontext*);
  CUresult(CUDAAPI* device)(CUdevice*, int);
  CUresult(CUDAAPI* retain_primary_context)(CUcontext*, CUdevice);
  CUresult(CUDAAPI* release_primary_context)(CUdevice);

  // Refuses with HG_UNSUPPORTED where the driver has not all of them.
  static const Driver& instance();
};

void check_driver(CUresult result, const char* what);

}  // namespace hypergrad
