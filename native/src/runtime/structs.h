// Structs of a caller, who may have been compiled with a newer or an older header. What such a struct begins with says how large it is: a
// field that the caller does not have counts as 0, and one that the library does not have must be 0.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "hypergrad/hypergrad.h"
#include "runtime/error.h"

namespace hypergrad {

// The size that a struct had when the ABI version began. A struct that has grown at its end since has a specialisation here.
template <class Structure>
constexpr int64_t smallest_size = sizeof(Structure);
template <>
inline constexpr int64_t smallest_size<hg_device_properties> = offsetof(hg_device_properties, blas_version);
template <>
inline constexpr int64_t smallest_size<hg_session_description> = offsetof(hg_session_description, dataset);

// A larger number is no size, but memory that nobody filled in.
constexpr int64_t largest_struct_size = 1 << 16;

// Where struct number `index` of a caller's array is, when they are `size` bytes each.
template <class Structure>
const Structure* struct_at(const Structure* first, int64_t index, int64_t size) {
  return reinterpret_cast<const Structure*>(reinterpret_cast<const char*>(first) + index * size);
}

// A caller's struct in our size. Refuses one that is too small, or holds what the library does not know.
template <class Structure>
Structure take_struct(const Structure* given, const char* name) {
  constexpr int64_t ours = sizeof(Structure), least = smallest_size<Structure>;
  const int64_t theirs = given->struct_size;
  require(theirs >= least && theirs <= largest_struct_size, "The struct_size of ", name, " is ", theirs, "; it must be sizeof(", name,
          "), ", ours, " here.");
  const char* const bytes = reinterpret_cast<const char*>(given);
  require(theirs <= ours || std::all_of(bytes + ours, bytes + theirs, [](char byte) { return byte == 0; }), "The struct_size of ", name,
          " is ", theirs, ", and beyond the ", ours,
          " bytes that this library knows it is not 0; leave what is newer at 0, or use a newer ", "library.");
  Structure taken{};
  std::memcpy(&taken, given, static_cast<size_t>(std::min(theirs, ours)));
  return taken;
}

// Gives a struct back, as much as the caller has room for.
template <class Structure>
void give_struct(const Structure& taken, Structure* given) {
  const auto size = given->struct_size;
  std::memcpy(given, &taken, static_cast<size_t>(std::min<int64_t>(size, sizeof taken)));
  given->struct_size = size;
}

// A caller's array of structs, which are all of one size, that of the first.
template <class Structure>
class StructArray {
 public:
  StructArray(const Structure* first, const char* name) : first_(first), name_(name) {}

  Structure operator[](int64_t index) const {
    const Structure first = take_struct(first_, name_);
    if (index == 0) return first;
    const Structure* const given = struct_at(first_, index, first_->struct_size);
    require(given->struct_size == first_->struct_size, "The struct_size of ", name_, " is ", given->struct_size, " in number ", index,
            " of an array whose first has ", first_->struct_size, "; all must be sizeof(", name_, ").");
    return take_struct(given, name_);
  }

 private:
  const Structure* first_;
  const char* name_;
};

}  // namespace hypergrad
