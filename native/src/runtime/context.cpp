#include "runtime/context.h"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

#include "runtime/blocks.h"

namespace hypergrad {

namespace {

// More than any machine has; a request beyond it is a mistake and is refused before an allocator is asked.
constexpr size_t largest_allocation = static_cast<size_t>(1) << 44;

}  // namespace

std::atomic<int64_t> Context::live_bytes_{0};

int64_t Context::live_bytes() noexcept { return live_bytes_.load(); }

void* Context::allocate(size_t bytes) const {
  if (bytes == 0) return nullptr;
  if (bytes > largest_allocation) fail(HG_OUT_OF_MEMORY, "An array of ", bytes, " bytes is more than a machine has.");
#if defined(HYPERGRAD_CUDA)
  if (on_device()) {
    const ContextLock lock(*this);
    BlockScope* const scope = BlockScope::for_array(*this, bytes);
    void* memory = scope != nullptr ? scope->carve(bytes) : nullptr;
    if (memory == nullptr) {
      const size_t taken = scope != nullptr ? BlockScope::block_bytes() : bytes;
      memory = allocate_on_device(taken);
      live_bytes_ -= static_cast<int64_t>(taken);
      clear(memory, taken);
      if (scope != nullptr) {
        scope->add(memory);
        memory = scope->carve(bytes);
      }
    }
    live_bytes_ += static_cast<int64_t>(bytes);
    return memory;
  }
#endif
  void* memory = std::calloc(bytes, 1);
  if (memory == nullptr) fail(HG_OUT_OF_MEMORY, "There is no memory for an array of ", bytes, " bytes.");
  live_bytes_ += static_cast<int64_t>(bytes);
  return memory;
}

void Context::release(void* memory, size_t bytes) const noexcept {
  if (memory == nullptr) return;
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  live_bytes_ -= static_cast<int64_t>(bytes);
#if defined(HYPERGRAD_CUDA)
  if (on_device()) {
    try {
      void* const freed = freed_with(memory);
      if (freed == nullptr) return;
      const ContextLock activation(*this);
      cudaStreamSynchronize(main().stream);
      cudaFree(freed);
    } catch (...) {
      // A context that cannot be made current is gone, and its memory with it.
    }
    return;
  }
#endif
  std::free(memory);
}

void Context::copy_in(void* target, const void* source, size_t bytes) const {
  if (bytes == 0) return;
#if defined(HYPERGRAD_CUDA)
  if (on_device()) {
    check_cuda(cudaMemcpyAsync(target, source, bytes, cudaMemcpyHostToDevice, stream()), "copying to the device");
    return synchronize();
  }
#endif
  std::memcpy(target, source, bytes);
}

void Context::copy_out(void* target, const void* source, size_t bytes) const {
  if (bytes == 0) return;
#if defined(HYPERGRAD_CUDA)
  if (on_device()) {
    check_cuda(cudaMemcpyAsync(target, source, bytes, cudaMemcpyDeviceToHost, stream()), "copying from the device");
    return synchronize();
  }
#endif
  std::memcpy(target, source, bytes);
}

void Context::copy(void* target, const void* source, size_t bytes) const {
  if (bytes == 0) return;
#if defined(HYPERGRAD_CUDA)
  if (on_device()) return check_cuda(cudaMemcpyAsync(target, source, bytes, cudaMemcpyDeviceToDevice, stream()), "copying on the device");
#endif
  std::memmove(target, source, bytes);
}

void Context::clear(void* target, size_t bytes) const {
  if (bytes == 0) return;
#if defined(HYPERGRAD_CUDA)
  if (on_device()) return check_cuda(cudaMemsetAsync(target, 0, bytes, stream()), "clearing on the device");
#endif
  std::memset(target, 0, bytes);
}

#if !defined(HYPERGRAD_CUDA)

Context::Context(int32_t) { fail(HG_UNSUPPORTED, "This build of the library has no CUDA; open a context on the host."); }

Context::Context(int32_t, const AdoptedParts&) { fail(HG_UNSUPPORTED, "This build of the library has no CUDA; it cannot adopt a device."); }

Context::~Context() = default;

void Context::begin_beside(int32_t) const {}

void Context::join() const {}

void Context::join_after_failure() const noexcept {}

void Context::synchronize() const {}

void Context::activate() const {}

void Context::deactivate() const noexcept {}

void Context::require_own_memory(const void*, size_t) const {}

int32_t count_devices(std::string& reason) {
  reason = "This build of the library has no CUDA.";
  return 0;
}

void query_device(int32_t, hg_device_properties&) { fail(HG_UNSUPPORTED, "This build of the library has no CUDA."); }

#endif

}  // namespace hypergrad
