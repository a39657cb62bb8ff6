// Kernels: their threads are called one after the other, in an order that changes from launch to launch. A kernel with barriers has a stack
// for every thread of a block, and goes from barrier to barrier. Lanes of a warp that exchange numbers meet at one of their own.
#include <ucontext.h>

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "device.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
// The stacks are told of by hand; what is done for a jump within one stack would be wrong, and slow.
#define SIMULATED_CUDA_JUMPS __attribute__((noinline, no_sanitize("address")))
#else
#define SIMULATED_CUDA_JUMPS __attribute__((noinline))
#endif

dim3 threadIdx, blockIdx, blockDim, gridDim;

namespace simulated_cuda {

namespace {

dim3 place_in(uint32_t index, dim3 size) {
  if (index < size.x) return {index, 0, 0};
  const uint32_t row = index / size.x;
  return {index - row * size.x, row % size.y, row / size.y};
}

// 0 … count − 1 in some order: every step-th one, around the circle.
class Order {
 public:
  Order(uint64_t count, uint64_t salt) : count_(count) {
    salt = (salt + 1) * 0x9E3779B97F4A7C15u;
    at_ = (salt >> 17) % count;
    step_ = (salt >> 33) % count;
    while (std::gcd(step_, count) != 1) step_ = (step_ + 1) % count;
  }

  uint32_t next() {
    at_ += step_;
    if (at_ >= count_) at_ -= count_;
    return static_cast<uint32_t>(at_);
  }

 private:
  uint64_t count_, at_, step_;
};

// Jumps that are the compiler's own: the C library's would take system calls, those of a sanitizer's among them, at every barrier of
// thousands of threads.
using Jump = void* [5];

// A function of its own: where one takes a place to jump to, the compiler lets it jump nowhere.
[[noreturn]] SIMULATED_CUDA_JUMPS void jump(Jump& to) { __builtin_longjmp(to, 1); }

// What a thread waits for.
enum class Barrier { none, block, warp };

// A thread with a stack of its own, which stops at barriers. Its context is made once, since that takes system calls too.
class Fiber {
 public:
  static constexpr size_t stack_size = 256 << 10;

  Fiber() : stack_(new char[stack_size]) {}

  void start(const std::function<void()>* body) {
    body_ = body;
    is_done = false;
    waits_for = Barrier::none;
    exchanges = 0;
  }

  SIMULATED_CUDA_JUMPS void resume() {
    running = this;
#if defined(__SANITIZE_ADDRESS__)
    void* fake = nullptr;
    __sanitizer_start_switch_fiber(&fake, stack_.get(), stack_size);
#endif
    if (__builtin_setjmp(scheduler_) == 0) {
      if (is_made_) jump(here_);
      is_made_ = true;
      getcontext(&context_);
      context_.uc_stack.ss_sp = stack_.get();
      context_.uc_stack.ss_size = stack_size;
      context_.uc_link = nullptr;
      makecontext(&context_, &Fiber::enter, 0);
      setcontext(&context_);
    }
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(fake, nullptr, nullptr);
#endif
    running = nullptr;
  }

  SIMULATED_CUDA_JUMPS void wait(Barrier barrier) {
    waits_for = barrier;
#if defined(__SANITIZE_ADDRESS__)
    void* fake = nullptr;
    __sanitizer_start_switch_fiber(&fake, scheduler_stack_, scheduler_stack_size_);
#endif
    if (__builtin_setjmp(here_) == 0) jump(scheduler_);
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(fake, &scheduler_stack_, &scheduler_stack_size_);
#endif
  }

  bool can_run() const { return !is_done && waits_for == Barrier::none; }

  static Fiber* running;
  bool is_done = false;
  Barrier waits_for = Barrier::none;
  uint64_t exchanges = 0;  // with other lanes, so far

 private:
  static void enter() {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(nullptr, &scheduler_stack_, &scheduler_stack_size_);
#endif
    for (;;) {
      (*running->body_)();
      running->is_done = true;
      running->wait(Barrier::none);
    }
  }

  static Jump scheduler_;
#if defined(__SANITIZE_ADDRESS__)
  static const void* scheduler_stack_;
  static size_t scheduler_stack_size_;
#endif
  std::unique_ptr<char[]> stack_;
  ucontext_t context_;
  Jump here_;
  const std::function<void()>* body_ = nullptr;
  bool is_made_ = false;
};

Fiber* Fiber::running = nullptr;
Jump Fiber::scheduler_;
#if defined(__SANITIZE_ADDRESS__)
const void* Fiber::scheduler_stack_ = nullptr;
size_t Fiber::scheduler_stack_size_ = 0;
#endif

bool met_barrier = false;

constexpr uint64_t lanes_of_warp = 32, most_threads = 1024;

using Fibers = std::vector<std::unique_ptr<Fiber>>;

// Lets those warps go on all of whose lanes have met; whether there is one.
bool release_warps(const Fibers& fibers, uint64_t threads) {
  bool released = false;
  for (uint64_t first = 0; first < threads; first += lanes_of_warp) {
    const auto begin = fibers.begin() + static_cast<int64_t>(first),
               end = begin + static_cast<int64_t>(std::min(lanes_of_warp, threads - first));
    const auto waiting = std::count_if(begin, end, [](const auto& fiber) { return fiber->waits_for == Barrier::warp; });
    if (waiting == 0) continue;
    if (std::any_of(begin, end, [](const auto& fiber) { return fiber->is_done; }) || end - begin != lanes_of_warp)
      violation("lanes of a warp exchange numbers with others that are not there");
    if (waiting != end - begin) continue;
    for (auto fiber = begin; fiber != end; ++fiber) (*fiber)->waits_for = Barrier::none;
    released = true;
  }
  return released;
}

void run_block_with_barriers(uint64_t threads, uint64_t salt, const std::function<void()>& thread) {
  static Fibers fibers;
  while (fibers.size() < threads) fibers.push_back(std::make_unique<Fiber>());
  for (uint64_t i = 0; i < threads; i++) fibers[i]->start(&thread);
  for (uint64_t phase = 0;; phase++) {
    Order order(threads, salt + phase);
    uint64_t done = 0, at_barrier = 0;
    for (uint64_t i = 0; i < threads; i++) {
      const uint32_t at = order.next();
      Fiber& fiber = *fibers[at];
      if (fiber.can_run()) {
        threadIdx = place_in(at, blockDim);
        fiber.resume();
      }
      done += fiber.is_done ? 1 : 0;
      at_barrier += fiber.waits_for == Barrier::block ? 1 : 0;
    }
    if (done == threads) return;
    if (at_barrier == threads) {
      for (uint64_t i = 0; i < threads; i++) fibers[i]->waits_for = Barrier::none;
    } else if (!release_warps(fibers, threads)) {
      violation("some threads of a block wait at a barrier that others never reach");
    }
  }
}

}  // namespace

// The first launch of a kernel shows whether it has barriers; one without needs no stacks for its threads.
void run_kernel(const void* kernel, dim3 grid, dim3 block, const std::function<void()>& thread) {
  static std::unordered_map<const void*, bool> has_barriers;
  static uint64_t launches = 0;
  const uint64_t salt = ++launches * 64, blocks = static_cast<uint64_t>(grid.x) * grid.y * grid.z,
                 threads = static_cast<uint64_t>(block.x) * block.y * block.z;
  if (blocks * threads > UINT32_MAX) violation("a kernel of more than 2^32 threads is not for a simulated device");
  gridDim = grid;
  blockDim = block;
  const auto known = has_barriers.find(kernel);
  if (known != has_barriers.end() && !known->second) {
    Order order(blocks * threads, salt);
    for (uint64_t i = 0; i < blocks * threads; i++) {
      const uint32_t at = order.next(), block_number = at / static_cast<uint32_t>(threads);
      blockIdx = place_in(block_number, grid);
      threadIdx = place_in(at - block_number * static_cast<uint32_t>(threads), block);
      thread();
    }
    return;
  }
  met_barrier = false;
  Order order(blocks, salt);
  for (uint64_t i = 0; i < blocks; i++) {
    blockIdx = place_in(order.next(), grid);
    run_block_with_barriers(threads, salt + i, thread);
  }
  has_barriers[kernel] = met_barrier;
}

}  // namespace simulated_cuda

namespace {

simulated_cuda::Fiber& fiber_at_barrier() {
  using simulated_cuda::Fiber;
  if (Fiber::running == nullptr)
    simulated_cuda::violation("a kernel that had no barrier at its first launch has one now; give it a launch with barriers first");
  simulated_cuda::met_barrier = true;
  return *Fiber::running;
}

}  // namespace

void __syncthreads() { fiber_at_barrier().wait(simulated_cuda::Barrier::block); }

// A lane may come to the next exchange before another has taken its number of this one; it does not come to the one after that.
void simulated_cuda::exchange(void* value, size_t bytes, unsigned lanes, int distance) {
  static uint64_t numbers[2][most_threads];
  if (lanes != 0xFFFFFFFFu || distance <= 0 || distance >= static_cast<int>(lanes_of_warp))
    violation("an exchange that is not between all lanes of a warp");
  Fiber& fiber = fiber_at_barrier();
  const uint64_t thread = threadIdx.x + blockDim.x * (threadIdx.y + static_cast<uint64_t>(blockDim.y) * threadIdx.z);
  uint64_t* const given = numbers[fiber.exchanges++ % 2];
  std::memcpy(&given[thread], value, bytes);
  fiber.wait(Barrier::warp);
  std::memcpy(value, &given[thread ^ static_cast<uint64_t>(distance)], bytes);
}
