// The CUDA half of a context; compiled only into builds with CUDA.
#include <cstring>

#include "runtime/context.h"

namespace hypergrad {

namespace {

// Enough for cuBLAS's largest kernels on every architecture that we build for; its own, so that a result depends on nothing else.
constexpr size_t workspace_bytes = static_cast<size_t>(32) << 20;

__global__ void probe_kernel() {}

// Whether the library has code, or PTX that the driver can compile, for the current device.
bool has_code_for_current_device() {
  cudaFuncAttributes attributes;
  const bool found = cudaFuncGetAttributes(&attributes, probe_kernel) == cudaSuccess;
  cudaGetLastError();
  return found;
}

int32_t attribute(cudaDeviceAttr which, int32_t device) {
  int value = 0;
  check_cuda(cudaDeviceGetAttribute(&value, which, device), "asking the device");
  return value;
}

// Leaves the thread's current device as it was.
class DeviceGuard {
 public:
  explicit DeviceGuard(int32_t device) {
    check_cuda(cudaGetDevice(&previous_), "asking for the current device");
    check_cuda(cudaSetDevice(device), "choosing the device");
  }
  ~DeviceGuard() { cudaSetDevice(previous_); }
  DeviceGuard(const DeviceGuard&) = delete;
  DeviceGuard& operator=(const DeviceGuard&) = delete;

 private:
  int previous_ = 0;
};

}  // namespace

void check_cuda(cudaError_t error, const char* what) {
  if (error == cudaSuccess) return;
  cudaGetLastError();
  fail(error == cudaErrorMemoryAllocation ? HG_OUT_OF_MEMORY : HG_DEVICE_ERROR, "CUDA failed while ", what, ": ", cudaGetErrorString(error),
       " (", cudaGetErrorName(error), ").");
}

void check_blas(cublasStatus_t status, const char* what) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  fail(status == CUBLAS_STATUS_ALLOC_FAILED ? HG_OUT_OF_MEMORY : HG_DEVICE_ERROR, "cuBLAS failed while ", what, ": status ",
       static_cast<int>(status), ".");
}

Context::Context(int32_t device) {
  std::string reason;
  const int32_t count = count_devices(reason);
  if (count == 0) fail(HG_UNSUPPORTED, "There is no CUDA device: ", reason);
  require(device >= 0 && device < count, "There are ", count, " CUDA devices, numbered from 0; device ", device, " was asked for.");
  device_ = device;
  try {
    activate();
    if (!has_code_for_current_device())
      fail(HG_UNSUPPORTED, "The library has no code for device ", device, " of compute capability ",
           attribute(cudaDevAttrComputeCapabilityMajor, device), ".", attribute(cudaDevAttrComputeCapabilityMinor, device), ".");
    check_cuda(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "making a stream");
    workspace_ = allocate(workspace_bytes);
    check_blas(cublasCreate(&blas_), "opening");
    check_blas(cublasSetStream(blas_, stream_), "taking the stream");
    check_blas(cublasSetWorkspace(blas_, workspace_, workspace_bytes), "taking the workspace");
    check_blas(cublasSetAtomicsMode(blas_, CUBLAS_ATOMICS_NOT_ALLOWED), "forbidding atomics");
  } catch (...) {
    destroy();
    throw;
  }
}

Context::~Context() {
  if (on_device()) destroy();
}

void Context::destroy() noexcept {
  cudaSetDevice(device_);
  if (stream_ != nullptr) cudaStreamSynchronize(stream_);
  if (blas_ != nullptr) cublasDestroy(blas_);
  release(workspace_, workspace_bytes);
  if (stream_ != nullptr) cudaStreamDestroy(stream_);
}

cublasHandle_t Context::blas(bool allow_tf32) const {
  check_blas(cublasSetMathMode(blas_, allow_tf32 ? CUBLAS_TF32_TENSOR_OP_MATH : CUBLAS_DEFAULT_MATH), "choosing its arithmetic");
  return blas_;
}

void Context::synchronize() const {
  if (on_device()) check_cuda(cudaStreamSynchronize(stream_), "waiting for the stream");
}

void Context::activate() const {
  if (on_device()) check_cuda(cudaSetDevice(device_), "choosing the device");
}

int32_t count_devices(std::string& reason) {
  int count = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error == cudaSuccess && count > 0) return count;
  cudaGetLastError();
  reason = error == cudaSuccess ? "the driver knows none" : cudaGetErrorString(error);
  return 0;
}

void query_device(int32_t device, hg_device_properties& properties) {
  std::string reason;
  const int32_t count = count_devices(reason);
  if (count == 0) fail(HG_UNSUPPORTED, "There is no CUDA device: ", reason);
  require(device >= 0 && device < count, "There are ", count, " CUDA devices, numbered from 0; device ", device, " was asked for.");
  DeviceGuard guard(device);
  cudaDeviceProp all;
  check_cuda(cudaGetDeviceProperties(&all, device), "asking the device");
  std::memset(&properties, 0, sizeof properties);
  static_assert(sizeof properties.name == sizeof all.name, "CUDA's names are as long as ours");
  std::memcpy(properties.name, all.name, sizeof properties.name);
  size_t free_bytes = 0, total_bytes = 0;
  check_cuda(cudaMemGetInfo(&free_bytes, &total_bytes), "asking for the device's memory");
  properties.total_memory = static_cast<int64_t>(total_bytes);
  properties.free_memory = static_cast<int64_t>(free_bytes);
  properties.major = attribute(cudaDevAttrComputeCapabilityMajor, device);
  properties.minor = attribute(cudaDevAttrComputeCapabilityMinor, device);
  properties.multiprocessors = attribute(cudaDevAttrMultiProcessorCount, device);
  check_cuda(cudaDriverGetVersion(&properties.driver_version), "asking the driver");
  check_cuda(cudaRuntimeGetVersion(&properties.runtime_version), "asking the runtime");
  properties.usable = has_code_for_current_device() ? 1 : 0;
}

}  // namespace hypergrad
