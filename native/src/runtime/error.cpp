#include "runtime/error.h"

#include <cstring>
#include <new>

namespace hypergrad {

namespace {

// A fixed buffer, so that reporting a lack of memory needs none.
thread_local char message_of_thread[1024] = "";

}  // namespace

const char* last_error() noexcept { return message_of_thread; }

void set_last_error(const char* message) noexcept {
  std::strncpy(message_of_thread, message, sizeof message_of_thread - 1);
  message_of_thread[sizeof message_of_thread - 1] = 0;
}

hg_status status_of_current_exception() noexcept {
  try {
    throw;
  } catch (const Error& error) {
    set_last_error(error.what());
    return error.status();
  } catch (const std::bad_alloc&) {
    set_last_error("There is not enough memory.");
    return HG_OUT_OF_MEMORY;
  } catch (const std::exception& error) {
    set_last_error(error.what());
    return HG_INTERNAL;
  } catch (...) {
    set_last_error("An unknown error.");
    return HG_INTERNAL;
  }
}

}  // namespace hypergrad
