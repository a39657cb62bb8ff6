// The number of the step that a kernel works on: given when the kernel is launched, or read where it runs, when a recorded body is
// replayed.
#pragma once

#include "arithmetic/platform.h"

namespace hypergrad {

struct StepReference {
  const int32_t* current;  // where the number stands, or null
  int32_t number;          // the number, when current is null

  HG_BOTH int32_t get() const { return current != nullptr ? *current : number; }
};

}  // namespace hypergrad
