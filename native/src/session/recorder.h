// The calls of a body, recorded once and done again for every step; and the order in which the exact state may be walked.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "runtime/context.h"
#include "runtime/step_reference.h"

namespace hypergrad {

// How far an exact state has come: which step may be taken next.
struct Progress {
  enum Phase : int32_t { unstarted, starting, forward, backward, weights_undone, broken };

  Phase phase = unstarted;
  int64_t position = 0;  // weights started; or the step whose state, or whose slots alone, are at hand
};

// Checks that a step may be taken, and takes note that it is.
using ProgressCheck = void (*)(Progress& progress, int32_t step, int32_t steps);

struct RecordedCall {
  std::function<void(StepReference)> launch;  // holds what it works on
  int32_t fixed_step = -1;                    // the step that was given, or −1 for the body's
  std::shared_ptr<Progress> progress;         // of the exact state that it moves, or null
  ProgressCheck check = nullptr;
};

// A recorded body. On a device it becomes a CUDA graph when it is run for more than a few steps.
class Body : public Object {
 public:
  explicit Body(std::shared_ptr<const Context> where) : context(std::move(where)) {}
  ~Body() override;

  const std::shared_ptr<const Context> context;
  std::vector<RecordedCall> calls;
  int32_t limit = 0;  // steps must stay below

#if defined(HYPERGRAD_CUDA)
  cudaGraphExec_t graph = nullptr, chain = nullptr;  // of one step; of several, where the body is run for many
  int32_t launched = 0;                              // steps, while there is no graph
  int32_t chain_length = 0, replayed = 0;            // how many steps a chain has; those done by graphs, while there is no chain
#endif
};

}  // namespace hypergrad
