// Driver contexts, and the driver's calls by their names.
#include <cstdlib>

#include "device.h"

namespace simulated_cuda {

thread_local std::vector<CUcontext> context_stack;

CUcontext current_context() { return context_stack.empty() ? &Devices::instance().primary[0] : context_stack.back(); }

CUcontext made_context() {
  CUcontext current = current_context();
  current->is_made = true;
  return current;
}

bool is_held(int device) {
  const char* held = std::getenv("SIMULATED_CUDA_HELD");
  return held != nullptr && std::string(held).find(std::to_string(device)) != std::string::npos;
}

}  // namespace simulated_cuda

using namespace simulated_cuda;

namespace {

CUresult push_context(CUcontext context) {
  const auto held = lock();
  if (Devices::instance().contexts.count(context) == 0 && context != &Devices::instance().primary[0] &&
      context != &Devices::instance().primary[1])
    return CUDA_ERROR_INVALID_CONTEXT;
  context_stack.push_back(context);
  return CUDA_SUCCESS;
}

CUresult pop_context(CUcontext* context) {
  if (context_stack.empty()) return CUDA_ERROR_INVALID_CONTEXT;
  *context = context_stack.back();
  context_stack.pop_back();
  return CUDA_SUCCESS;
}

CUresult device_of_context(CUdevice* device) {
  *device = current_context()->device;
  return CUDA_SUCCESS;
}

CUresult context_of_stream(CUstream stream, CUcontext* context) {
  const auto held = lock();
  if (!is_stream(stream)) return CUDA_ERROR_INVALID_HANDLE;
  *context = stream->context;
  return CUDA_SUCCESS;
}

CUresult device_of_number(CUdevice* device, int number) {
  *device = number;
  return is_device(number) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}

CUresult retain_primary_context(CUcontext* context, CUdevice device) {
  const auto held = lock();
  if (!is_device(device)) return CUDA_ERROR_INVALID_DEVICE;
  if (is_held(device)) return CUDA_ERROR_DEVICE_UNAVAILABLE;
  *context = &Devices::instance().primary[device];
  (*context)->retained++;
  (*context)->is_made = true;
  return CUDA_SUCCESS;
}

CUresult release_primary_context(CUdevice device) {
  const auto held = lock();
  if (!is_device(device) || Devices::instance().primary[device].retained == 0) return CUDA_ERROR_INVALID_CONTEXT;
  Devices::instance().primary[device].retained--;
  return CUDA_SUCCESS;
}

void* entry_point(const std::string& name) {
  const std::map<std::string, void*> all = {
      {"cuCtxPushCurrent", reinterpret_cast<void*>(push_context)},
      {"cuCtxPopCurrent", reinterpret_cast<void*>(pop_context)},
      {"cuCtxGetDevice", reinterpret_cast<void*>(device_of_context)},
      {"cuStreamGetCtx", reinterpret_cast<void*>(context_of_stream)},
      {"cuDeviceGet", reinterpret_cast<void*>(device_of_number)},
      {"cuDevicePrimaryCtxRetain", reinterpret_cast<void*>(retain_primary_context)},
      {"cuDevicePrimaryCtxRelease", reinterpret_cast<void*>(release_primary_context)},
  };
  const auto found = all.find(name);
  return found == all.end() ? nullptr : found->second;
}

}  // namespace

#if CUDART_VERSION >= 12050
cudaError_t cudaGetDriverEntryPointByVersion(const char* name, void** found, unsigned, unsigned long long,
                                             cudaDriverEntryPointQueryResult* result) {
  *found = entry_point(name);
  *result = *found == nullptr ? cudaDriverEntryPointSymbolNotFound : cudaDriverEntryPointSuccess;
  return cudaSuccess;
}
#elif CUDART_VERSION >= 12000
cudaError_t cudaGetDriverEntryPoint(const char* name, void** found, unsigned long long, cudaDriverEntryPointQueryResult* result) {
  *found = entry_point(name);
  *result = *found == nullptr ? cudaDriverEntryPointSymbolNotFound : cudaDriverEntryPointSuccess;
  return cudaSuccess;
}
#else
cudaError_t cudaGetDriverEntryPoint(const char* name, void** found, unsigned long long) {
  *found = entry_point(name);
  return *found == nullptr ? note(cudaErrorSymbolNotFound) : cudaSuccess;
}
#endif
