// Small arrays side by side in one allocation of a device: taking and giving memory back takes a device longer than filling a small array,
// and a session has dozens of them, made at once and let go at once.
#pragma once

#include <cstddef>

#include "runtime/context.h"

namespace hypergrad {

// While one lives, small arrays that this thread makes on its context are parts of blocks. A block goes with the last of its arrays,
// whoever holds it; memory of an array that went earlier is not given again. On the host it does nothing. Nor does it on a simulated
// device, which watches the bounds of every allocation, unless SIMULATED_CUDA_BLOCKS is in the environment.
class BlockScope {
 public:
  explicit BlockScope(const Context& context);
  ~BlockScope();
  BlockScope(const BlockScope&) = delete;
  BlockScope& operator=(const BlockScope&) = delete;

  // This thread's innermost one of a context, for an array of some bytes; null where the array is to have an allocation of its own.
  static BlockScope* for_array(const Context& context, size_t bytes);

  // Zeroed memory in the current block, aligned as an allocation is; null where it has no room left.
  void* carve(size_t bytes);
  // Takes a block of zeroed memory over, as the current one.
  void add(void* memory);
  static size_t block_bytes();

 private:
  void close() noexcept;

  const Context& context_;
  BlockScope* outer_;
  char* block_ = nullptr;
};

// What is to be freed when an array is released: itself, the block that it was the last of, or null.
void* freed_with(void* array) noexcept;

}  // namespace hypergrad
