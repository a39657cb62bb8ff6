// The part of CUDA's runtime interface that Hypergrad uses, for a simulated device. See README.md here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <tuple>
#include <typeinfo>
#include <utility>
#include <vector>

#include "cuda.h"

#ifndef CUDART_VERSION
#define CUDART_VERSION 11080
#endif

#define __global__
#define __host__
#define __device__
// One block runs at a time.
#define __shared__ static

struct dim3 {
  uint32_t x, y, z;

  constexpr dim3(uint32_t in_x = 1, uint32_t in_y = 1, uint32_t in_z = 1) : x(in_x), y(in_y), z(in_z) {}
};

enum cudaError_t {
  cudaSuccess = 0,
  cudaErrorInvalidValue = 1,
  cudaErrorMemoryAllocation = 2,
  cudaErrorInvalidConfiguration = 9,
  cudaErrorInsufficientDriver = 35,
  cudaErrorDevicesUnavailable = 46,
  cudaErrorNoDevice = 100,
  cudaErrorInvalidDevice = 101,
  cudaErrorInvalidResourceHandle = 400,
  cudaErrorSymbolNotFound = 500,
  cudaErrorStreamCaptureUnsupported = 900,
  cudaErrorStreamCaptureInvalidated = 901,
  cudaErrorStreamCaptureUnjoined = 904,
  cudaErrorStreamCaptureIsolation = 905,
  cudaErrorIllegalState = 401,
};

enum cudaMemcpyKind { cudaMemcpyHostToHost, cudaMemcpyHostToDevice, cudaMemcpyDeviceToHost, cudaMemcpyDeviceToDevice, cudaMemcpyDefault };
enum cudaMemoryType { cudaMemoryTypeUnregistered, cudaMemoryTypeHost, cudaMemoryTypeDevice, cudaMemoryTypeManaged };
enum cudaStreamCaptureMode { cudaStreamCaptureModeGlobal, cudaStreamCaptureModeThreadLocal, cudaStreamCaptureModeRelaxed };
enum cudaStreamCaptureStatus { cudaStreamCaptureStatusNone, cudaStreamCaptureStatusActive, cudaStreamCaptureStatusInvalidated };
enum cudaComputeMode { cudaComputeModeDefault = 0, cudaComputeModeProhibited = 2 };
enum cudaDeviceAttr {
  cudaDevAttrMultiProcessorCount = 16,
  cudaDevAttrComputeMode = 20,
  cudaDevAttrComputeCapabilityMajor = 75,
  cudaDevAttrComputeCapabilityMinor = 76,
};

using cudaStream_t = CUstream;
using cudaEvent_t = struct CUevent_st*;
using cudaGraph_t = struct CUgraph_st*;
using cudaGraphExec_t = struct CUgraphExec_st*;
using cudaGraphNode_t = struct CUgraphNode_st*;

#define cudaStreamNonBlocking 1
#define cudaEventDisableTiming 2
#define cudaStreamLegacy (reinterpret_cast<cudaStream_t>(0x1))
#define cudaStreamPerThread (reinterpret_cast<cudaStream_t>(0x2))
#define cudaEnableDefault 0

struct cudaDeviceProp {
  char name[256];
  size_t totalGlobalMem;
};

struct cudaFuncAttributes {
  int maxThreadsPerBlock;
};

struct cudaPointerAttributes {
  cudaMemoryType type;
  int device;
  void* devicePointer;
  void* hostPointer;
};

cudaError_t cudaGetDeviceCount(int* count);
cudaError_t cudaGetDevice(int* device);
cudaError_t cudaSetDevice(int device);
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device);
cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device);
cudaError_t cudaMemGetInfo(size_t* free_bytes, size_t* total_bytes);
cudaError_t cudaDriverGetVersion(int* version);
cudaError_t cudaRuntimeGetVersion(int* version);
cudaError_t cudaGetLastError();
const char* cudaGetErrorString(cudaError_t error);
const char* cudaGetErrorName(cudaError_t error);

cudaError_t cudaMalloc(void** memory, size_t bytes);
cudaError_t cudaFree(void* memory);
cudaError_t cudaMemcpyAsync(void* target, const void* source, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream);
cudaError_t cudaMemsetAsync(void* target, int value, size_t bytes, cudaStream_t stream);
cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* memory);

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags);
cudaError_t cudaStreamDestroy(cudaStream_t stream);
cudaError_t cudaStreamSynchronize(cudaStream_t stream);
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned flags);
cudaError_t cudaStreamIsCapturing(cudaStream_t stream, cudaStreamCaptureStatus* status);
cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode mode);
cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph);

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags);
cudaError_t cudaEventDestroy(cudaEvent_t event);
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream);

#if CUDART_VERSION >= 12000
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, unsigned long long flags);
#else
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, void* error_node, char* log, size_t log_size);
#endif
cudaError_t cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t* nodes, size_t* count);
cudaError_t cudaGraphDestroy(cudaGraph_t graph);
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable);
cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t stream);

enum cudaDriverEntryPointQueryResult { cudaDriverEntryPointSuccess, cudaDriverEntryPointSymbolNotFound };
#if CUDART_VERSION >= 12050
cudaError_t cudaGetDriverEntryPointByVersion(const char* name, void** found, unsigned version, unsigned long long flags,
                                             cudaDriverEntryPointQueryResult* result);
#elif CUDART_VERSION >= 12000
cudaError_t cudaGetDriverEntryPoint(const char* name, void** found, unsigned long long flags, cudaDriverEntryPointQueryResult* result);
#else
cudaError_t cudaGetDriverEntryPoint(const char* name, void** found, unsigned long long flags);
#endif

// Where a thread of a kernel is.
extern dim3 threadIdx, blockIdx, blockDim, gridDim;
void __syncthreads();

namespace simulated_cuda {

// Gives a number to the lanes of a warp and takes that of the lane whose number differs by `distance`.
void exchange(void* value, size_t bytes, unsigned lanes, int distance);

}  // namespace simulated_cuda

template <class T>
T __shfl_xor_sync(unsigned lanes, T value, int distance) {
  static_assert(sizeof(T) == 4 || sizeof(T) == 8, "what CUDA exchanges");
  simulated_cuda::exchange(&value, sizeof value, lanes, distance);
  return value;
}

template <class... Parameters>
cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, void (*)(Parameters...)) {
  attributes->maxThreadsPerBlock = 1024;
  return cudaSuccess;
}

namespace simulated_cuda {

struct Launch {
  const void* kernel;
  const char* name;
  dim3 grid, block;
  std::function<void()> thread;
  std::vector<std::pair<const void*, size_t>> arguments;  // where they are, and their bytes
};

cudaError_t enqueue_kernel(Launch launch, size_t dynamic_memory, cudaStream_t stream);

template <class... Arguments>
std::vector<std::pair<const void*, size_t>> places_of(const std::tuple<Arguments...>& arguments) {
  return std::apply(
      [](const Arguments&... each) {
        return std::vector<std::pair<const void*, size_t>>{{&each, sizeof each}...};
      },
      arguments);
}

}  // namespace simulated_cuda

struct cudaLaunchConfig_t {
  dim3 gridDim, blockDim;
  size_t dynamicSmemBytes;
  cudaStream_t stream;
};

template <class... Parameters, class... Arguments>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* where, void (*kernel)(Parameters...), Arguments&&... arguments) {
  std::tuple<Parameters...> copies(std::forward<Arguments>(arguments)...);
#if defined(__has_builtin)
#if __has_builtin(__builtin_clear_padding)
  // What happens to lie between the numbers must not be taken for an address.
  std::apply([](Parameters&... each) { (__builtin_clear_padding(&each), ...); }, copies);
#endif
#endif
  return simulated_cuda::enqueue_kernel(
      {reinterpret_cast<const void*>(kernel), typeid(std::tuple<Parameters...>).name(), where->gridDim, where->blockDim,
       [kernel, copies] { std::apply(kernel, copies); }, simulated_cuda::places_of(copies)},
      where->dynamicSmemBytes, where->stream);
}
