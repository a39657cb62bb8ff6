#include "runtime/blocks.h"

#include <cstdint>
#include <cstdlib>
#include <map>
#include <mutex>

namespace hypergrad {

namespace {

// CUDA maps memory by 2 MiB; an array of an eighth of that leaves little of a block unused.
constexpr size_t bytes_of_block = static_cast<size_t>(2) << 20, largest_part = bytes_of_block / 8, alignment = 256;

struct Block {
  size_t used = 0;
  int64_t arrays = 0;
  bool is_current = true;  // of a scope
};

std::mutex blocks_mutex;

// By where they begin.
std::map<char*, Block>& blocks() {
  static std::map<char*, Block> all;
  return all;
}

thread_local BlockScope* innermost = nullptr;

bool is_wanted() {
#if defined(HYPERGRAD_SIMULATED_CUDA)
  return std::getenv("SIMULATED_CUDA_BLOCKS") != nullptr;
#else
  return true;
#endif
}

}  // namespace

BlockScope::BlockScope(const Context& context) : context_(context), outer_(innermost) { innermost = this; }

BlockScope::~BlockScope() {
  close();
  innermost = outer_;
}

BlockScope* BlockScope::for_array(const Context& context, size_t bytes) {
  return innermost != nullptr && &innermost->context_ == &context && bytes <= largest_part && is_wanted() ? innermost : nullptr;
}

size_t BlockScope::block_bytes() { return bytes_of_block; }

void* BlockScope::carve(size_t bytes) {
  if (block_ == nullptr) return nullptr;
  const std::lock_guard<std::mutex> lock(blocks_mutex);
  Block& block = blocks().at(block_);
  if (bytes_of_block - block.used < bytes) return nullptr;
  void* const part = block_ + block.used;
  block.used += (bytes + alignment - 1) / alignment * alignment;
  block.arrays++;
  return part;
}

void BlockScope::add(void* memory) {
  close();
  const std::lock_guard<std::mutex> lock(blocks_mutex);
  blocks()[static_cast<char*>(memory)] = {};
  block_ = static_cast<char*>(memory);
}

// Of a block without arrays nobody else would let go.
void BlockScope::close() noexcept {
  if (block_ == nullptr) return;
  char* unused = nullptr;
  {
    const std::lock_guard<std::mutex> lock(blocks_mutex);
    const auto found = blocks().find(block_);
    found->second.is_current = false;
    if (found->second.arrays == 0) {
      unused = block_;
      blocks().erase(found);
    }
  }
  block_ = nullptr;
  context_.release(unused, 0);
}

void* freed_with(void* array) noexcept {
  const std::lock_guard<std::mutex> lock(blocks_mutex);
  auto found = blocks().upper_bound(static_cast<char*>(array));
  if (found == blocks().begin()) return array;
  --found;
  if (static_cast<char*>(array) >= found->first + bytes_of_block) return array;
  if (--found->second.arrays > 0 || found->second.is_current) return nullptr;
  char* const block = found->first;
  blocks().erase(found);
  return block;
}

}  // namespace hypergrad
