// Where sessions compute: this machine's processor, or a CUDA device with a stream, a cuBLAS handle and a workspace, and two more of each
// for work that goes beside.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "hypergrad/context.h"
#include "runtime/handles.h"

#if defined(HYPERGRAD_CUDA)
#include <cublas_v2.h>
#include <cuda_runtime.h>

struct CUctx_st;
#endif

namespace hypergrad {

// What a program lends to a context on a device: CUcontext, CUstream and cublasHandle_t, null where the context is to have its own.
struct AdoptedParts {
  void* driver_context;
  void* stream;
  void* blas;
};

class Context : public Object {
 public:
  // On the host.
  Context() = default;

  // On a CUDA device.
  explicit Context(int32_t device);

  // On what a program has of a CUDA device.
  Context(int32_t device, const AdoptedParts& parts);

  ~Context() override;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  bool on_device() const { return device_ >= 0; }
  // Its number, −1 on the host.
  int32_t device() const { return device_; }

  // Zeroed memory where the context computes.
  void* allocate(size_t bytes) const;
  void release(void* memory, size_t bytes) const noexcept;

  // Copies between this program's memory and the context's. copy_out waits; copy_in has read its source when it returns.
  void copy_in(void* target, const void* source, size_t bytes) const;
  void copy_out(void* target, const void* source, size_t bytes) const;

  // Within the context's memory, queued.
  void copy(void* target, const void* source, size_t bytes) const;
  void clear(void* target, size_t bytes) const;

  void synchronize() const;

  // Does f(), whose work goes beside, in a lane above 0: it begins when all that was queued in lane 0 before is done, and what is queued
  // there after it does not wait for it before join, or the end of a body that is joined. A lane keeps its order; two do not wait for each
  // other. In lane 0, and on the host, which has no other, f() is as everything else.
  template <class F>
  void beside(int32_t lane, const F& f) const {
    const Beside scope(*this, lane);
    f();
  }
  void join() const;
  template <class F>
  void joined(const F& f) const;
  int32_t lane() const { return lane_; }
  static constexpr int32_t lanes = 3;

  // Refuses memory that is not the context's, as far as that can be told.
  void require_own_memory(const void* memory, size_t bytes) const;

  // Makes the device this thread's current one, and puts back what was adopted when the outermost call ends. The mutex is held.
  void activate() const;
  void deactivate() const noexcept;

  static int64_t live_bytes() noexcept;

#if defined(HYPERGRAD_CUDA)
  cudaStream_t stream() const { return lanes_[lane_].stream; }
  cublasHandle_t blas(bool allow_tf32) const;
#else
  void* stream() const { return nullptr; }
#endif

  // Calls on one context take turns.
  std::recursive_mutex& mutex() const { return mutex_; }

 private:
  // While it lives, work goes into a lane.
  class Beside {
   public:
    Beside(const Context& context, int32_t lane) : context_(context), before_(context.lane_) {
      if (lane != before_) context_.begin_beside(lane);
    }
    ~Beside() { context_.lane_ = before_; }
    Beside(const Beside&) = delete;
    Beside& operator=(const Beside&) = delete;

   private:
    const Context& context_;
    const int32_t before_;
  };

  void begin_beside(int32_t lane) const;
  void join_after_failure() const noexcept;

  static std::atomic<int64_t> live_bytes_;

  int32_t device_ = -1;
  mutable std::recursive_mutex mutex_;
  mutable int32_t lane_ = 0;  // of what is queued now
#if defined(HYPERGRAD_CUDA)
  // A stream, and what cuBLAS has there.
  struct Lane {
    cudaStream_t stream = nullptr;
    cublasHandle_t blas = nullptr;
    void* workspace = nullptr;
    cudaEvent_t fork = nullptr, end = nullptr;  // of the lanes beside
    mutable bool is_forked = false;             // something in it is not joined yet
  };

  // How an adopted cuBLAS handle was set before a call.
  struct BlasSettings {
    cudaStream_t stream;
    cublasPointerMode_t pointer_mode;
    cublasMath_t math_mode;
    cublasAtomicsMode_t atomics_mode;
  };

  // Memory of the device, with what is in it.
  void* allocate_on_device(size_t bytes) const;
  void open(const AdoptedParts& parts);
  void take_driver_context(void* driver_context);
  void adopt_stream(cudaStream_t stream);
  void open_lane(Lane& lane) const;
  void close_lane(Lane& lane, bool owns_stream, bool owns_blas) const;
  const Lane& main() const { return lanes_[0]; }
  static void set_blas(const Lane& lane);
  void take_blas() const;
  void give_blas_back() const noexcept;
  void close() noexcept;

  Lane lanes_[lanes];
  CUctx_st* driver_context_ = nullptr;  // what is made current: adopted, or the device's primary one
  bool has_primary_ = false, owns_stream_ = true, owns_blas_ = true;
  mutable int32_t depth_ = 0;  // of calls; the outermost one takes and gives back
  mutable bool has_blas_ = false;
  mutable BlasSettings blas_before_{};
#endif
};

// Where f throws, what it queued is joined nevertheless.
template <class F>
void Context::joined(const F& f) const {
  try {
    f();
  } catch (...) {
    join_after_failure();
    throw;
  }
  join();
}

// Holds a context for one call.
class ContextLock {
 public:
  explicit ContextLock(const Context& context) : lock_(context.mutex()), context_(context) { context.activate(); }
  ~ContextLock() { context_.deactivate(); }
  ContextLock(const ContextLock&) = delete;
  ContextLock& operator=(const ContextLock&) = delete;

 private:
  std::lock_guard<std::recursive_mutex> lock_;
  const Context& context_;
};

// The devices of this machine, and why there are none.
int32_t count_devices(std::string& reason);
void query_device(int32_t device, hg_device_properties& properties);

#if defined(HYPERGRAD_CUDA)
void check_cuda(cudaError_t error, const char* what);
void check_blas(cublasStatus_t status, const char* what);
#endif

}  // namespace hypergrad
