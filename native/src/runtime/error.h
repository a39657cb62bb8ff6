// Errors inside the library are exceptions; at its boundary they become a status and a thread-local message.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

#include "hypergrad/base.h"

namespace hypergrad {

class Error : public std::runtime_error {
 public:
  Error(hg_status status, const std::string& message) : std::runtime_error(message), status_(status) {}
  hg_status status() const { return status_; }

 private:
  hg_status status_;
};

// Throws an error whose message is the parts, one after the other.
template <class... Parts>
[[noreturn]] void fail(hg_status status, const Parts&... parts) {
  std::ostringstream message;
  (message << ... << parts);
  throw Error(status, message.str());
}

template <class... Parts>
void require(bool condition, const Parts&... parts) {
  if (!condition) fail(HG_INVALID_ARGUMENT, parts...);
}

inline void require_pointer(const void* pointer, const char* name) {
  if (pointer == nullptr) fail(HG_NULL_ARGUMENT, "The pointer '", name, "' is null.");
}

// The message of the calling thread's latest failure.
const char* last_error() noexcept;
void set_last_error(const char* message) noexcept;

// The status of the exception being handled; its message becomes the thread's.
hg_status status_of_current_exception() noexcept;

// Runs the body of an entry point: nothing that it throws crosses the boundary.
template <class Body>
hg_status guarded(const Body& body) noexcept {
  try {
    body();
    return HG_OK;
  } catch (...) {
    return status_of_current_exception();
  }
}

}  // namespace hypergrad
