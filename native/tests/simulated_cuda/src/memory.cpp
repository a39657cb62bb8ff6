#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "device.h"

namespace simulated_cuda {

namespace {

constexpr size_t room = static_cast<size_t>(1) << 42, page = 4096, alignment = 256;
// What fresh memory holds: no number, and no valid index.
constexpr int garbage = 0xFF;
constexpr unsigned char untouched = 0xA5;

// Large arrays, as a context's workspace of 32 MiB is, hold it in this many bytes at either end: writing all of it takes longer than a
// test.
constexpr size_t large = static_cast<size_t>(16) << 20, end_of_large = static_cast<size_t>(1) << 20;

void fill(char* memory, size_t bytes) {
  const size_t first = bytes <= large ? bytes : end_of_large;
  std::memset(memory, garbage, first);
  if (first < bytes) std::memset(memory + bytes - end_of_large, garbage, end_of_large);
}

size_t rounded(size_t bytes, size_t to) { return (bytes + to - 1) / to * to; }

}  // namespace

Memory::Memory() {
  void* reserved = mmap(nullptr, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserved == MAP_FAILED) violation("no addresses are left for the memory of the devices");
  begin_ = next_ = static_cast<char*>(reserved);
  end_ = begin_ + room;
}

// An array ends where its pages end, as near as the alignment of cudaMalloc allows; addresses are never given twice.
void* Memory::allocate(int device, size_t bytes) {
  const size_t padded = rounded(bytes, alignment), pages = rounded(padded, page);
  if (used_[device] + padded > memory_of_device) return nullptr;
  if (pages + 2 * page > static_cast<size_t>(end_ - next_)) violation("all addresses of the devices are used up");
  char *first = next_ + page, *last = first + pages, *memory = last - padded;
  next_ = last;
  if (mprotect(first, pages, PROT_READ | PROT_WRITE) != 0) return nullptr;
  std::memset(first, untouched, static_cast<size_t>(memory - first));
  fill(memory, bytes);
  std::memset(memory + bytes, untouched, padded - bytes);
  const Array& array = arrays_[memory] = {first, last, bytes, device};
  if (!is_open_) protect(array, PROT_NONE);
  used_[device] += padded;
  return memory;
}

bool Memory::release(void* memory) {
  const auto found = arrays_.find(static_cast<char*>(memory));
  if (found == arrays_.end()) return false;
  const Array array = found->second;
  const char *begin = found->first, *end = begin + array.bytes;
  protect(array, PROT_READ);
  const auto check = [&](const char* from, const char* to, const char* side) {
    for (const char* at = from; at < to; at++)
      if (static_cast<unsigned char>(*at) != untouched)
        violation("an array of ", array.bytes, " bytes was written ", side, " its numbers, at byte ", at - begin);
  };
  check(array.pages, begin, "before");
  check(end, array.pages_end, "behind");
  protect(array, PROT_NONE);
  madvise(array.pages, static_cast<size_t>(array.pages_end - array.pages), MADV_DONTNEED);
  used_[array.device] -= rounded(array.bytes, alignment);
  arrays_.erase(found);
  return true;
}

void Memory::open() {
  if (std::exchange(is_open_, true)) return;
  for (const auto& [begin, array] : arrays_) protect(array, PROT_READ | PROT_WRITE);
}

// Closing takes a system call an array. A mistake that was not made the first hundred times is waited for less often.
void Memory::close() {
  if (++closings_ > 100 && closings_ % 100 != 0) return;
  for (const auto& [begin, array] : arrays_) protect(array, PROT_NONE);
  is_open_ = false;
}

void Memory::protect(const Array& array, int protection) {
  if (mprotect(array.pages, static_cast<size_t>(array.pages_end - array.pages), protection) != 0)
    violation("the pages of an array cannot be protected; there may be too many arrays");
}

bool Memory::holds(const void* address) const { return address >= begin_ && address < next_; }

bool Memory::reserves(const void* address) const { return address >= begin_ && address < end_; }

const Memory::Array* Memory::find(const void* address) const {
  auto after = arrays_.upper_bound(static_cast<const char*>(address));
  if (after == arrays_.begin()) return nullptr;
  --after;
  // One past the end is a place of the array too.
  return static_cast<const char*>(address) <= after->first + after->second.bytes ? &after->second : nullptr;
}

int Memory::device_of(const void* address, size_t bytes) const {
  const Array* array = find(address);
  if (array == nullptr) return -1;
  const auto after = arrays_.upper_bound(static_cast<const char*>(address));
  const char* begin = std::prev(after)->first;
  return static_cast<const char*>(address) + bytes <= begin + array->bytes ? array->device : -1;
}

std::string Memory::describe(const void* address) const {
  std::ostringstream text;
  auto after = arrays_.upper_bound(static_cast<const char*>(address));
  if (!holds(address))
    text << "memory of the host";
  else if (after == arrays_.begin())
    text << "no array";
  else
    text << "byte " << static_cast<const char*>(address) - std::prev(after)->first << " of an array of " << std::prev(after)->second.bytes;
  return text.str();
}

}  // namespace simulated_cuda
