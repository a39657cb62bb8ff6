// Bodies of steps: calls are recorded once; on the host they are called again for every step, on a device they become a CUDA graph
// whose kernels read the step's number where they run, and whose last kernel moves the number on. Launching a graph takes the host several
// microseconds, so that short steps are captured several at a time.
#include <algorithm>
#include <utility>

#include "session/session.h"

namespace hypergrad {

namespace {

struct NextStep {
  int32_t* current;  // the number, and what is added to it

  HG_BOTH void operator()(int64_t) const { current[0] += current[1]; }
};

// The number of a replay's first step, and what is added after each.
struct SetStep {
  int32_t* current;
  int32_t number, increment;

  HG_BOTH void operator()(int64_t) const {
    current[0] = number;
    current[1] = increment;
  }
};

}  // namespace

Body::~Body() {
#if defined(HYPERGRAD_CUDA)
  if (graph == nullptr) return;
  try {
    // A graph in flight is not stopped by this: CUDA frees it when it has ended.
    const ContextLock lock(*context);
    cudaGraphExecDestroy(graph);
    if (chain != nullptr) cudaGraphExecDestroy(chain);
  } catch (...) {
    // A context that cannot be made current is gone, and its graphs too.
  }
#endif
}

void Session::perform(int32_t step, int32_t limit, std::function<void(StepReference)> launch, std::shared_ptr<Progress> progress,
                      ProgressCheck check) {
  if (step == HG_BODY_STEP) {
    if (!recording_) fail(HG_WRONG_ORDER, "HG_BODY_STEP has a meaning only inside a body; begin one, or give the step's number.");
  } else {
    require(step >= 0 && step < limit, "Step or slot ", step, " was asked for; they go from 0 to ", limit - 1, ".");
  }
  if (recording_) {
    recording_->calls.push_back({std::move(launch), step, std::move(progress), check});
    if (step == HG_BODY_STEP) recording_->limit = std::min(recording_->limit, limit);
    return;
  }
  if (check != nullptr) check(*progress, step, steps);
  try {
    if (progress) moved_.insert(progress);
    launch({nullptr, step});
    if (!context->on_device()) throw_if_diverged();
  } catch (...) {
    if (progress) progress->phase = Progress::broken;
    throw;
  }
}

void Session::require_not_recording(const char* what) const {
  if (recording_) fail(HG_WRONG_ORDER, what, " cannot be part of a body; end the body or cancel it first.");
}

void Session::begin_body() {
  require_not_recording("Another body");
  recording_ = std::make_shared<Body>(context);
  gradient_step_ = no_gradient;
  recording_->limit = steps;
}

std::shared_ptr<Body> Session::end_body() {
  if (!recording_) fail(HG_WRONG_ORDER, "No body was begun.");
  gradient_step_ = no_gradient;
  return std::move(recording_);
}

void Session::cancel_body() {
  if (!recording_) fail(HG_WRONG_ORDER, "No body was begun.");
  recording_.reset();
  gradient_step_ = no_gradient;
}

void Session::run_body(Body& body, int32_t first, int32_t end, bool backward) {
  require_not_recording("Running a body");
  require(first >= 0 && first <= end, "Steps ", first, " to ", end, " were asked for; they must be in order and at least 0.");
  require(end <= body.limit, "Steps up to ", end - 1, " were asked for; what the body does has steps or slots from 0 to ", body.limit - 1,
          ".");
  if (first == end) return;
  gradient_step_ = no_gradient;
  check_progress(body, first, end, backward);
  for (const RecordedCall& call : body.calls)
    if (call.progress) moved_.insert(call.progress);
  try {
#if defined(HYPERGRAD_CUDA)
    if (context->on_device()) return run_on_device(body, first, end, backward);
#endif
    run_on_host(body, first, end, backward);
  } catch (...) {
    for (const RecordedCall& call : body.calls)
      if (call.progress) call.progress->phase = Progress::broken;
    throw;
  }
}

// All steps are checked before the first is done; if one may not be, nothing has happened.
void Session::check_progress(const Body& body, int32_t first, int32_t end, bool backward) {
  std::vector<std::pair<Progress*, Progress>> before;
  for (const RecordedCall& call : body.calls)
    if (call.progress) before.push_back({call.progress.get(), *call.progress});
  if (before.empty()) return;
  try {
    for (int32_t i = 0; i < end - first; i++)
      for (const RecordedCall& call : body.calls)
        if (call.check != nullptr)
          call.check(*call.progress, call.fixed_step >= 0 ? call.fixed_step : backward ? end - 1 - i : first + i, steps);
  } catch (...) {
    for (const auto& saved : before) *saved.first = saved.second;
    throw;
  }
}

void Session::launch_all(const Body& body, StepReference step) {
  for (const RecordedCall& call : body.calls) call.launch(call.fixed_step >= 0 ? StepReference{nullptr, call.fixed_step} : step);
}

void Session::run_on_host(const Body& body, int32_t first, int32_t end, bool backward) {
  for (int32_t i = 0; i < end - first; i++) {
    launch_all(body, {nullptr, backward ? end - 1 - i : first + i});
    throw_if_diverged();
  }
}

void Session::synchronize() {
  context->synchronize();
  throw_if_diverged();
}

void Session::throw_if_diverged() {
  uint64_t worst = 0;
  context->copy_out(&worst, fault_.data(), sizeof worst);
  const std::set<std::shared_ptr<Progress>> moved = std::exchange(moved_, {});
  if (worst == 0) return;
  for (const std::shared_ptr<Progress>& progress : moved) progress->phase = Progress::broken;
  context->clear(fault_.data(), sizeof worst);
  const uint64_t key = ~worst;
  fault_step = static_cast<int32_t>(key >> 32);
  fault_tensor = static_cast<int32_t>(key >> 8 & 0xFFFFFF);
  fault_reason = static_cast<int32_t>(key & 7);
  const int32_t slot = static_cast<int32_t>(key >> 3 & 31);
  fault_slot = (fault_reason == slot_fault || fault_reason == float_fault) && slot < optimizer.slot_count() ? slot : -1;
  const std::string moved_name = fault_slot < 0 ? "weight" : optimizer.slots[static_cast<size_t>(fault_slot)].name;
  const bool is_second_moment = fault_slot >= 0 && optimizer.slots[static_cast<size_t>(fault_slot)].is_second_moment;
  const std::string reason = fault_reason == gradient_fault ? "a gradient is not finite or too large for the fixed-point range"
                             : fault_reason == float_fault
                                 ? "a gradient or " + moved_name + " is not finite"
                                 : "a " + moved_name + " left the fixed-point range of " + (is_second_moment ? "0 to 2³¹" : "±2048");
  fail(HG_DIVERGED, "Training diverged at step ", fault_step, " in ", layout.names[static_cast<size_t>(fault_tensor)], ": ", reason,
       ". Lower the learning rate or the initial scale.");
}

#if defined(HYPERGRAD_CUDA)

void Session::run_on_device(Body& body, int32_t first, int32_t end, bool backward) {
  // Making a graph takes as long as launching a few steps; and the first step loads its kernels, which must not happen while one is
  // captured. The kernel that moves the step on is loaded by moving it nowhere.
  constexpr int32_t fewest_for_graph = 4;
  const int32_t increment = backward ? -1 : 1;
  int32_t step = backward ? end - 1 : first, left = end - first;
  if (body.graph == nullptr) {
    const int32_t launched = body.launched + left < fewest_for_graph ? left : body.launched == 0 ? 1 : 0;
    body.launched += launched;
    for (int32_t i = 0; i < launched; i++, step += increment) launch_all(body, {nullptr, step});
    left -= launched;
    if (left == 0) return;
    for_each_index(*context, 1, SetStep{current_step_.data(), step, 0});
    for_each_index(*context, 1, NextStep{current_step_.data()});
    size_t nodes = 0;
    body.graph = capture(body, 1, nodes);
    constexpr int64_t most_steps = 16, most_nodes = 1024;
    body.chain_length = static_cast<int32_t>(std::min(most_steps, most_nodes / static_cast<int64_t>(std::max<size_t>(nodes, 1))));
  }
  if (body.chain == nullptr && body.chain_length > 1 && left >= body.chain_length) {
    // Making it takes as long as launching as many steps.
    body.replayed = std::min(body.replayed, 2 * body.chain_length) + std::min(left, 2 * body.chain_length);
    size_t nodes = 0;
    if (body.replayed >= 2 * body.chain_length) body.chain = capture(body, body.chain_length, nodes);
  }
  for_each_index(*context, 1, SetStep{current_step_.data(), step, increment});
  while (left > 0) {
    const bool is_chain = body.chain != nullptr && left >= body.chain_length;
    check_cuda(cudaGraphLaunch(is_chain ? body.chain : body.graph, context->stream()), "replaying a body");
    left -= is_chain ? body.chain_length : 1;
  }
}

// A graph of some steps of a body, and how many nodes it has.
cudaGraphExec_t Session::capture(const Body& body, int32_t count, size_t& nodes) {
  check_cuda(cudaStreamBeginCapture(context->stream(), cudaStreamCaptureModeThreadLocal), "beginning a capture");
  cudaGraph_t graph = nullptr;
  try {
    for (int32_t i = 0; i < count; i++) {
      launch_all(body, {current_step_.data(), 0});
      for_each_index(*context, 1, NextStep{current_step_.data()});
    }
  } catch (...) {
    cudaStreamEndCapture(context->stream(), &graph);
    if (graph != nullptr) cudaGraphDestroy(graph);
    cudaGetLastError();
    throw;
  }
  check_cuda(cudaStreamEndCapture(context->stream(), &graph), "ending a capture");
  cudaGraphExec_t executable = nullptr;
  cudaError_t error = cudaGraphGetNodes(graph, nullptr, &nodes);
#if CUDART_VERSION >= 12000
  if (error == cudaSuccess) error = cudaGraphInstantiate(&executable, graph, 0);
#else
  if (error == cudaSuccess) error = cudaGraphInstantiate(&executable, graph, nullptr, nullptr, 0);
#endif
  cudaGraphDestroy(graph);
  check_cuda(error, "making a graph of a body");
  return executable;
}

#endif

}  // namespace hypergrad
