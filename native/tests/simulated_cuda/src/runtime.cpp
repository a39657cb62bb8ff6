// CUDA's runtime calls about devices and memory, and the launch of a kernel.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "device.h"

namespace simulated_cuda {

namespace {

thread_local cudaError_t last_error = cudaSuccess;
// Captures here are all of the mode that forbids things to the thread that captures, and to no other.
bool is_capturing_here() {
  for (const CUstream stream : Devices::instance().streams)
    if (stream->capture && stream->capture->thread == std::this_thread::get_id()) return true;
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

void stop(const std::string& what) {
  std::fprintf(stderr, "Simulated CUDA: %s%s%s.\n", what.c_str(), Devices::current_work.empty() ? "" : ", in ",
               Devices::current_work.c_str());
  std::fflush(stderr);
  std::abort();
}

Devices& Devices::instance() {
  static Devices& devices = *new Devices;
  return devices;
}

cudaError_t note(cudaError_t error) {
  if (error != cudaSuccess) last_error = error;
  return error;
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
  if (is_held(device)) return note(cudaErrorDevicesUnavailable);
  CUcontext primary = &Devices::instance().primary[device];
  primary->is_made = true;
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
  properties->totalGlobalMem = memory_of_device;
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
  *free_bytes = memory_of_device - Devices::instance().memory.used(made_context()->device);
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
  *memory = is_failing ? nullptr : devices.memory.allocate(made_context()->device, bytes);
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
