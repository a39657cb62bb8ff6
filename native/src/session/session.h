// A run opened on a context: what is the same in both precisions, and the typed rest.
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "arithmetic/reversible_weight.h"
#include "hypergrad/session.h"
#include "mlp/passes.h"
#include "session/grouping.h"
#include "session/recorder.h"

namespace hypergrad {

// Where kernels note that training left the numbers. The earliest step wins, then the first tensor: the same whoever is first to notice.
struct FaultNote {
  uint64_t* worst;  // 0 while there is none, otherwise all ones minus (step, tensor, reason)

  HG_BOTH void report(int32_t step, int32_t tensor, int32_t reason) const {
    const uint64_t key = ~(static_cast<uint64_t>(static_cast<uint32_t>(step)) << 32 |
                           static_cast<uint64_t>(static_cast<uint32_t>(tensor)) << 8 | static_cast<uint32_t>(reason));
#if defined(__CUDA_ARCH__)
    atomicMax(reinterpret_cast<unsigned long long*>(worst), static_cast<unsigned long long>(key));
#else
    if (key > *worst) *worst = key;
#endif
  }
};

class Session : public Object {
 public:
  Session(std::shared_ptr<Context> context, const hg_session_description& description);

  // Does an operation, or records it while a body is being recorded. Step: below limit, or HG_BODY_STEP inside a body.
  void perform(int32_t step, int32_t limit, std::function<void(StepReference)> launch, std::shared_ptr<Progress> progress = nullptr,
               ProgressCheck check = nullptr);

  // The same for an operation that looks at no step.
  void perform(std::function<void(StepReference)> launch) { perform(0, 1, std::move(launch)); }

  // Refuses what cannot be recorded while a body is.
  void require_not_recording(const char* what) const;

  void begin_body();
  std::shared_ptr<Body> end_body();
  void cancel_body();
  void run_body(Body& body, int32_t first, int32_t end, bool backward);

  // Waits, and fails if training diverged.
  void synchronize();

  void require_replica(int32_t replica) const;
  // A piece of weights of one replica.
  void require_piece(int32_t replica, int32_t first, int32_t count) const;

  ScheduleView schedules() const;
  FaultNote fault_note() { return {fault_.data()}; }
  const Grouping& grouping_of(int32_t coefficient) const {
    return coefficient == HG_LEARNING_RATE ? learning_rate_grouping : momentum_grouping;
  }
  bool is_single() const { return precision == HG_SINGLE; }

  template <class T>
  Array<T> array(int64_t count) const {
    return Array<T>(context, count);
  }

  const std::shared_ptr<Context> context;
  const int32_t precision, steps, replicas, loss;
  Layout layout;
  Grouping learning_rate_grouping, momentum_grouping;
  std::vector<double> host_learning_rates;
  std::vector<int32_t> host_numerators;
  MinibatchPlan plan{}, host_plan{};  // pointers to the context's memory; pointers to this program's
  ExampleTable training;
  Array<double> training_losses;  // [replicas × steps]
  hg_handle weights_handle = 0, velocity_handle = 0, gradient_handle = 0;
  int32_t fault_step = 0, fault_tensor = 0, fault_reason = no_fault;

 protected:
  Array<double> example_weights_;

 private:
  void take_plan(const hg_session_description& description);
  void take_schedules(const hg_session_description& description);
  void throw_if_diverged();
  void check_progress(const Body& body, int32_t first, int32_t end, bool backward);
  void launch_all(const Body& body, StepReference step);
  void run_on_host(const Body& body, int32_t first, int32_t end, bool backward);
#if defined(HYPERGRAD_CUDA)
  void run_on_device(Body& body, int32_t first, int32_t end, bool backward);
  void capture(Body& body);
#endif

  std::shared_ptr<Body> recording_;
  std::set<std::shared_ptr<Progress>> moved_;  // since it was last asked whether training diverged, which a device tells late
  std::vector<int64_t> host_offsets_;
  std::vector<int32_t> host_examples_;
  Array<int64_t> batch_offsets_;
  Array<int32_t> batch_examples_;
  Array<double> learning_rates_;
  Array<int32_t> numerators_;
  Array<uint64_t> fault_;
  Array<int32_t> current_step_;  // the step of a replay, and what is added after it
};

// One number per weight and replica.
template <class T>
struct Vector : Object {
  explicit Vector(const Session& session) : numbers(session.array<T>(session.layout.size())) {}
  Vector(const Session& session, T* adopted) : numbers(Array<T>::adopt(session.context, adopted, session.layout.extent())) {}
  T* data() { return numbers.data(); }

  Array<T> numbers;  // at least the layout's extent
};

// Numbers shaped like the training data, doubles: an example's many small contributions must not drown each other.
struct DataVector : Object {
  Array<double> inputs, targets, weights;  // those asked for, [replicas × examples × …]
};

// Penalties of each weight; none where all are 0.
template <class T>
struct Penalties {
  Array<T> l2, l1;

  bool any() const { return l2.data() != nullptr || l1.data() != nullptr; }
};

template <class T>
class SessionOf : public Session {
 public:
  SessionOf(std::shared_ptr<Context> context, const hg_session_description& description);

  void evaluate_gradient(int32_t step);
  void evaluate_gradient_and_tangent(int32_t step, std::shared_ptr<Vector<T>> direction, std::shared_ptr<Vector<T>> product,
                                     std::shared_ptr<DataVector> data);
  void subtract_penalty_tangent(std::shared_ptr<Vector<T>> direction, std::shared_ptr<Vector<T>> l2, std::shared_ptr<Vector<T>> l1);
  void evaluate(const ExampleTable& dataset, Vector<T>* into, double* losses, double* error_rates);
  void read_minibatch(int32_t step, int32_t replica, int32_t* examples);

  void copy(std::shared_ptr<Vector<T>> source, std::shared_ptr<Vector<T>> target);
  void clear(std::shared_ptr<Vector<T>> target);
  void subtract(std::shared_ptr<Vector<T>> source, std::shared_ptr<Vector<T>> target);
  void multiply(int32_t coefficient, int32_t step, std::shared_ptr<Vector<T>> source, std::shared_ptr<Vector<T>> target, bool add);
  void momentum_step(int32_t step);

  const std::shared_ptr<Vector<T>> weights, velocity, gradient;

 private:
  void launch_gradient(StepReference step);
  void launch_penalties(StepReference step, const T* direction, T* product);
  void launch_data_tangent(StepReference step, DataVector& data, const T* direction);

  Passes<T> passes_;
  Penalties<T> penalties_;
  Array<double> penalty_sums_;         // [replicas × tiles]
  Array<double> evaluation_losses_;    // [replicas]
  Array<uint64_t> evaluation_errors_;  // [replicas]
  Array<int32_t> is_first_, next_;     // [replicas × rows], made when first asked for
};

// Calls f with the session in its own precision.
template <class F>
void with_precision(Session& session, const F& f) {
  if (session.is_single())
    f(static_cast<SessionOf<float>&>(session));
  else
    f(static_cast<SessionOf<double>&>(session));
}

}  // namespace hypergrad
