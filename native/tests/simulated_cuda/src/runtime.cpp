// CUDA's runtime and driver calls over the simulated devices. Work that is queued is done when somebody waits for it, not before: a program
// that does not wait where it must sees what a slow device would show it.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "device.h"
#include "simulated_cuda.h"

namespace simulated_cuda {

namespace {

thread_local cudaError_t last_error = cudaSuccess;
std::string current_work;

// A stream that is none is either nobody's or was destroyed.
bool is_stream(CUstream stream) { return Devices::instance().streams.count(stream) != 0; }

std::lock_guard<std::recursive_mutex> lock() { return std::lock_guard<std::recursive_mutex>(Devices::instance().mutex); }

bool is_device(int device) { return device >= 0 && device < device_count; }

// Captures here are all of the mode that forbids things to the thread that captures, and to no other.
bool is_capturing_here() {
  for (const CUstream stream : Devices::instance().streams)
    if (stream->capture && stream->capturing_thread == std::this_thread::get_id()) return true;
  return false;
}

// 0: there is no driver.
int driver_version() {
  const char* given = std::getenv("SIMULATED_CUDA_DRIVER");
  return given == nullptr ? CUDART_VERSION : std::atoi(given);
}

// Whether a number is an address of this program's.
bool is_mapped(uint64_t address) {
  unsigned char resident = 0;
  return mincore(reinterpret_cast<void*>(address / 4096 * 4096), 1, &resident) == 0;
}

}  // namespace

thread_local std::vector<CUcontext> context_stack;

void stop(const std::string& what) {
  std::fprintf(stderr, "Simulated CUDA: %s%s%s.\n", what.c_str(), current_work.empty() ? "" : ", in ", current_work.c_str());
  std::fflush(stderr);
  std::abort();
}

Devices& Devices::instance() {
  static Devices& devices = *new Devices;
  return devices;
}

CUcontext current_context() { return context_stack.empty() ? &Devices::instance().primary[0] : context_stack.back(); }

cudaError_t note(cudaError_t error) {
  if (error != cudaSuccess) last_error = error;
  return error;
}

void Devices::drain(CUstream stream) {
  if (stream->pending.empty()) return;
  memory.open();
  while (!stream->pending.empty()) {
    auto work = std::move(stream->pending.front());
    stream->pending.pop_front();
    current_work = work.first;
    work.second();
  }
  current_work.clear();
  memory.close();
}

void Devices::drain_all() {
  for (const CUstream stream : streams) drain(stream);
}

cudaError_t enqueue(CUstream stream, std::string name, std::function<void()> work) {
  if (!is_stream(stream)) return note(cudaErrorInvalidResourceHandle);
  if (stream->context != current_context()) return note(cudaErrorInvalidResourceHandle);
  if (stream->capture)
    stream->capture->operations.emplace_back(std::move(name), std::move(work));
  else
    stream->pending.emplace_back(std::move(name), std::move(work));
  return cudaSuccess;
}

void check_arguments(const Launch& launch, int device) {
  const Memory& memory = Devices::instance().memory;
  size_t total = 0;
  for (const auto& [argument, bytes] : launch.arguments) {
    total += bytes;
    for (size_t at = 0; at + sizeof(uint64_t) <= bytes; at += sizeof(uint64_t)) {
      uint64_t word = 0;
      std::memcpy(&word, static_cast<const char*>(argument) + at, sizeof word);
      const void* address = reinterpret_cast<const void*>(word);
      // Below where programs of 64 bits have their memory there are numbers, and pairs of small ones.
      if (word < uint64_t{1} << 44 || word >> 47 != 0 || word % 4 != 0) continue;
      if (memory.holds(address)) {
        if (memory.device_of(address, 0) < 0)
          violation("an argument of ", launch.name, " points at memory that was freed: ", memory.describe(address));
        if (memory.device_of(address, 0) != device) violation("an argument of ", launch.name, " points at another device's memory");
      } else if (!memory.reserves(address) && is_mapped(word)) {
        violation("an argument of ", launch.name, " points at memory of the host, at byte ", at);
      }
    }
  }
  if (total > 4096) violation("the arguments of ", launch.name, " have ", total, " bytes; a kernel takes 4096");
}

cudaError_t enqueue_kernel(Launch launch, size_t dynamic_memory, cudaStream_t stream) {
  const auto held = lock();
  Devices& devices = Devices::instance();
  if (!is_stream(stream)) return note(cudaErrorInvalidResourceHandle);
  const dim3 grid = launch.grid, block = launch.block;
  const uint64_t threads = static_cast<uint64_t>(block.x) * block.y * block.z;
  if (grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.x > 0x7FFFFFFF || grid.y > 65535 || grid.z > 65535 || threads == 0 ||
      threads > 1024 || block.z > 64 || dynamic_memory > 48 << 10)
    return note(cudaErrorInvalidConfiguration);
  if (stream->capture && devices.loaded.count(launch.kernel) == 0)
    violation("a kernel is used for the first time while a stream is captured, when it cannot be loaded: ", launch.name);
  devices.loaded.insert(launch.kernel);
  check_arguments(launch, stream->context->device);
  const void* kernel = launch.kernel;
  return enqueue(stream, launch.name, [kernel, grid, block, thread = std::move(launch.thread)] {
    Devices::instance().kernels_run++;
    run_kernel(kernel, grid, block, thread);
  });
}

}  // namespace simulated_cuda

using namespace simulated_cuda;

cudaError_t cudaGetDeviceCount(int* count) {
  const int driver = driver_version();
  *count = driver < CUDART_VERSION ? 0 : device_count;
  return driver < CUDART_VERSION ? note(cudaErrorInsufficientDriver) : cudaSuccess;
}

cudaError_t cudaGetDevice(int* device) {
  *device = current_context()->device;
  return cudaSuccess;
}

cudaError_t cudaSetDevice(int device) {
  if (!is_device(device)) return note(cudaErrorInvalidDevice);
  CUcontext primary = &Devices::instance().primary[device];
  if (context_stack.empty())
    context_stack.push_back(primary);
  else
    context_stack.back() = primary;
  return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
  if (!is_device(device)) return note(cudaErrorInvalidDevice);
  std::memset(properties, 0, sizeof *properties);
  std::snprintf(properties->name, sizeof properties->name, "simulated device %d (this processor plays it)", device);
  return cudaSuccess;
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device) {
  if (!is_device(device)) return note(cudaErrorInvalidDevice);
  *value = attribute == cudaDevAttrMultiProcessorCount ? 1 : attribute == cudaDevAttrComputeCapabilityMajor ? 9 : 0;
  return cudaSuccess;
}

cudaError_t cudaMemGetInfo(size_t* free_bytes, size_t* total_bytes) {
  const auto held = lock();
  *total_bytes = memory_of_device;
  *free_bytes = memory_of_device - Devices::instance().memory.used(current_context()->device);
  return cudaSuccess;
}

cudaError_t cudaDriverGetVersion(int* version) {
  *version = driver_version();
  return cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int* version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t cudaGetLastError() { return std::exchange(last_error, cudaSuccess); }

const char* cudaGetErrorName(cudaError_t error) {
  switch (error) {
    case cudaSuccess:
      return "cudaSuccess";
    case cudaErrorInvalidValue:
      return "cudaErrorInvalidValue";
    case cudaErrorMemoryAllocation:
      return "cudaErrorMemoryAllocation";
    case cudaErrorInvalidConfiguration:
      return "cudaErrorInvalidConfiguration";
    case cudaErrorInvalidResourceHandle:
      return "cudaErrorInvalidResourceHandle";
    case cudaErrorStreamCaptureUnsupported:
      return "cudaErrorStreamCaptureUnsupported";
    default:
      return "another error of a simulated device";
  }
}

const char* cudaGetErrorString(cudaError_t error) { return cudaGetErrorName(error); }

cudaError_t cudaMalloc(void** memory, size_t bytes) {
  const auto held = lock();
  Devices& devices = Devices::instance();
  if (is_capturing_here()) return note(cudaErrorStreamCaptureUnsupported);
  *memory = nullptr;
  if (bytes == 0) return cudaSuccess;
  const bool is_failing = devices.allocations_left >= 0 && devices.allocations_left-- == 0;
  *memory = is_failing ? nullptr : devices.memory.allocate(current_context()->device, bytes);
  return *memory == nullptr ? note(cudaErrorMemoryAllocation) : cudaSuccess;
}

// As a device does, it waits for all work first.
cudaError_t cudaFree(void* memory) {
  const auto held = lock();
  Devices& devices = Devices::instance();
  if (memory == nullptr) return cudaSuccess;
  if (is_capturing_here()) return note(cudaErrorStreamCaptureUnsupported);
  devices.drain_all();
  if (!devices.memory.release(memory)) violation("memory is freed that is not allocated: ", devices.memory.describe(memory));
  return cudaSuccess;
}

cudaError_t cudaMemcpyAsync(void* target, const void* source, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  const auto held = lock();
  Devices& devices = Devices::instance();
  if (!is_stream(stream)) return note(cudaErrorInvalidResourceHandle);
  const int device = stream->context->device;
  const bool from_device = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice,
             to_device = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
  if (stream->capture && !(from_device && to_device)) return note(cudaErrorStreamCaptureUnsupported);
  if (from_device ? devices.memory.device_of(source, bytes) != device : devices.memory.holds(source))
    violation("a copy of ", bytes, " bytes reads ", devices.memory.describe(source));
  if (to_device ? devices.memory.device_of(target, bytes) != device : devices.memory.holds(target))
    violation("a copy of ", bytes, " bytes writes ", devices.memory.describe(target));
  const char *from = static_cast<const char*>(source), *to = static_cast<const char*>(target);
  if (from_device && to_device && from < to + bytes && to < from + bytes && from != to) violation("a copy overlaps itself");
  return enqueue(stream, "a copy", [target, source, bytes] { std::memmove(target, source, bytes); });
}

cudaError_t cudaMemsetAsync(void* target, int value, size_t bytes, cudaStream_t stream) {
  const auto held = lock();
  Devices& devices = Devices::instance();
  if (!is_stream(stream)) return note(cudaErrorInvalidResourceHandle);
  if (devices.memory.device_of(target, bytes) != stream->context->device)
    violation("clearing ", bytes, " bytes writes ", devices.memory.describe(target));
  return enqueue(stream, "clearing", [target, value, bytes] { std::memset(target, value, bytes); });
}

cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* memory) {
  const auto held = lock();
  const int device = Devices::instance().memory.device_of(memory);
  *attributes = {device < 0 ? cudaMemoryTypeUnregistered : cudaMemoryTypeDevice, device < 0 ? -2 : device, nullptr, nullptr};
  return cudaSuccess;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  const auto held = lock();
  *stream = new CUstream_st{current_context(), {}, nullptr, {}};
  Devices::instance().streams.insert(*stream);
  return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  const auto held = lock();
  if (!is_stream(stream)) return note(cudaErrorInvalidResourceHandle);
  Devices::instance().drain(stream);
  Devices::instance().streams.erase(stream);
  delete stream;
  return cudaSuccess;
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  const auto held = lock();
  if (!is_stream(stream) || stream->context != current_context()) return note(cudaErrorInvalidResourceHandle);
  if (stream->capture) return note(cudaErrorStreamCaptureUnsupported);
  Devices::instance().synchronizations++;
  Devices::instance().drain(stream);
  return cudaSuccess;
}

cudaError_t cudaStreamIsCapturing(cudaStream_t stream, cudaStreamCaptureStatus* status) {
  const auto held = lock();
  if (!is_stream(stream)) return note(cudaErrorInvalidResourceHandle);
  *status = stream->capture ? cudaStreamCaptureStatusActive : cudaStreamCaptureStatusNone;
  return cudaSuccess;
}

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode mode) {
  const auto held = lock();
  if (!is_stream(stream) || stream->context != current_context()) return note(cudaErrorInvalidResourceHandle);
  if (stream->capture) return note(cudaErrorIllegalState);
  if (mode != cudaStreamCaptureModeThreadLocal) violation("a capture forbids other threads what they may do, or this one nothing");
  stream->capture = std::make_unique<CUgraph_st>();
  stream->capturing_thread = std::this_thread::get_id();
  return cudaSuccess;
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  const auto held = lock();
  *graph = nullptr;
  if (!is_stream(stream)) return note(cudaErrorInvalidResourceHandle);
  if (!stream->capture) return note(cudaErrorIllegalState);
  *graph = stream->capture.release();
  Devices::instance().graphs.insert(*graph);
  return cudaSuccess;
}

#if CUDART_VERSION >= 12000
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, unsigned long long) {
#else
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, void*, char*, size_t) {
#endif
  const auto held = lock();
  if (Devices::instance().graphs.count(graph) == 0) return note(cudaErrorInvalidValue);
  *executable = new CUgraphExec_st{current_context(), std::make_shared<CUgraph_st>(*graph)};
  Devices::instance().executables.insert(*executable);
  return cudaSuccess;
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  const auto held = lock();
  if (Devices::instance().graphs.erase(graph) == 0) return note(cudaErrorInvalidValue);
  delete graph;
  return cudaSuccess;
}

// One in flight ends first; CUDA says so too.
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable) {
  const auto held = lock();
  if (Devices::instance().executables.count(executable) == 0) return note(cudaErrorInvalidValue);
  if (executable->context != current_context()) return note(cudaErrorInvalidResourceHandle);
  Devices::instance().executables.erase(executable);
  delete executable;
  return cudaSuccess;
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t stream) {
  const auto held = lock();
  Devices& devices = Devices::instance();
  if (devices.executables.count(executable) == 0 || !is_stream(stream) || stream->capture) return note(cudaErrorInvalidValue);
  devices.graphs_launched++;
  const std::shared_ptr<const CUgraph_st> graph = executable->graph;
  return enqueue(stream, "a graph", [graph] {
    for (const auto& operation : graph->operations) {
      current_work = operation.first;
      operation.second();
    }
  });
}

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
  *context = &Devices::instance().primary[device];
  (*context)->retained++;
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

extern "C" {

void simulated_cuda_fail_allocation(int64_t successes) { Devices::instance().allocations_left = successes; }

int64_t simulated_cuda_live_objects() {
  const auto held = lock();
  Devices& devices = Devices::instance();
  return devices.memory.count() + static_cast<int64_t>(devices.streams.size() + devices.graphs.size() + devices.executables.size()) +
         devices.blas_handles + devices.primary[0].retained + devices.primary[1].retained;
}

int64_t simulated_cuda_context_depth() { return static_cast<int64_t>(context_stack.size()); }

int64_t simulated_cuda_kernels_run() { return Devices::instance().kernels_run; }
int64_t simulated_cuda_graphs_launched() { return Devices::instance().graphs_launched; }
int64_t simulated_cuda_synchronizations() { return Devices::instance().synchronizations; }

void* simulated_cuda_make_context(int32_t device) {
  const auto held = lock();
  CUcontext context = new CUctx_st{device};
  Devices::instance().contexts.insert(context);
  return context;
}

void* simulated_cuda_make_stream(void* context) {
  cudaStream_t stream = nullptr;
  context_stack.push_back(static_cast<CUcontext>(context));
  cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
  context_stack.pop_back();
  return stream;
}

}  // extern "C"
