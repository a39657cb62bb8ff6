// A run opened on a context: what is the same in both precisions, and the typed rest.
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "data/minibatch_plan.h"
#include "hypergrad/session.h"
#include "hypergrad/vectors.h"
#include "operations/passes.h"
#include "session/batch.h"
#include "session/loss_kernels.h"
#include "session/recorder.h"
#include "updates/fault.h"
#include "updates/optimizer.h"

namespace hypergrad {

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

  FaultNote fault_note() { return {fault_.data()}; }
  // Examples of the run's kind, checked and copied.
  ExampleTable table_of_examples(int32_t count, const void* inputs, int32_t input_type, const void* targets, int32_t target_type,
                                 bool has_classes, const char* inputs_name = "inputs", const char* targets_name = "targets") const;
  // Refuses examples of the context that are not of the run's kind.
  void require_fit(const ExampleTable& examples) const;
  bool is_single() const { return precision == HG_SINGLE; }
  const ExampleTable& training() const { return *training_; }

  template <class T>
  Array<T> array(int64_t count) const {
    return Array<T>(context, count);
  }

  const std::shared_ptr<Context> context;
  const int32_t precision, steps, replicas, loss;
  const uint64_t dropout_seed;
  Layout layout;
  Program program;
  Optimizer optimizer;
  MinibatchPlan plan{}, host_plan{};  // pointers to the context's memory; pointers to this program's
  Array<double> training_losses;      // [replicas × steps]
  hg_handle weights_handle = 0, gradient_handle = 0;
  std::vector<hg_handle> slot_handles;
  int32_t fault_step = 0, fault_tensor = 0, fault_slot = -1, fault_reason = no_fault;

 protected:
  // Which step's gradient the buffers of the passes are of, HG_BODY_STEP inside a body, or no_gradient.
  static constexpr int32_t no_gradient = -2;
  int32_t gradient_step_ = no_gradient;
  std::shared_ptr<const ExampleTable> training_;
  Array<double> example_weights_;

 private:
  void take_plan(const hg_session_description& description);
  void throw_if_diverged();
  void check_progress(const Body& body, int32_t first, int32_t end, bool backward);
  void launch_all(const Body& body, StepReference step);
  void run_on_host(const Body& body, int32_t first, int32_t end, bool backward);
#if defined(HYPERGRAD_CUDA)
  void run_on_device(Body& body, int32_t first, int32_t end, bool backward);
  cudaGraphExec_t capture(const Body& body, int32_t count, size_t& nodes);
#endif

  std::shared_ptr<Body> recording_;
  std::set<std::shared_ptr<Progress>> moved_;  // since it was last asked whether training diverged, which a device tells late
  std::vector<int64_t> host_offsets_;
  std::vector<int32_t> host_examples_;
  Array<int64_t> batch_offsets_;
  Array<int32_t> batch_examples_;
  Array<uint64_t> fault_;
  Array<int32_t> current_step_;  // the step of a replay, and what is added after it
};

// Examples of a context, checked and copied, that fit no run yet.
std::shared_ptr<ExampleTable> shared_examples(const std::shared_ptr<Context>& context, int32_t count, int32_t input_numbers,
                                              const void* inputs, int32_t input_type, int32_t target_numbers, const void* targets,
                                              int32_t target_type, bool has_classes);

// Those that a handle names. Refuses examples of another context, and those of one session.
std::shared_ptr<const ExampleTable> find_shared_examples(const Context& context, hg_handle dataset);

// A description in which the number of examples is that of its dataset.
hg_session_description with_dataset(const Context& context, hg_session_description description);

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
  // Parts: hg_data_part joined. Refuses those that have no gradient.
  DataVector(const Session& session, int32_t parts);

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
  void evaluate_tangent(int32_t step, std::shared_ptr<Vector<T>> direction, std::shared_ptr<Vector<T>> product,
                        std::shared_ptr<DataVector> data);
  void add_penalty_tangent(std::shared_ptr<Vector<T>> direction, std::shared_ptr<Vector<T>> l2, std::shared_ptr<Vector<T>> l1);
  void evaluate(const ExampleTable& dataset, Vector<T>* into, double* losses, double* error_rates);
  void read_minibatch(int32_t step, int32_t replica, int32_t* examples);

  // All updates of a step in floating point.
  void advance(int32_t step);

  void copy(std::shared_ptr<Vector<T>> source, std::shared_ptr<Vector<T>> target);
  void clear(std::shared_ptr<Vector<T>> target);
  void add(std::shared_ptr<Vector<T>> source, std::shared_ptr<Vector<T>> target);

  // Weights and slots as the updates see them.
  StateView<T> state() const { return {optimizer.device_views.data(), optimizer.update_count(), weights->data(), slot_pointers_.data()}; }

  const std::shared_ptr<Vector<T>> weights, gradient;
  std::vector<std::shared_ptr<Vector<T>>> slots;

 private:
  // Takes a batch: fills examples and factors with the functor's numbers, then gathers the examples' own.
  template <class Fill>
  void load(const ExampleTable& table, int32_t rows, Fill fill);
  LossRows<T> loss_rows(bool has_classes);
  Pass<T> training_pass(StepReference step);
  void evaluate_loss(const Pass<T>& pass, bool has_classes);

  void launch_gradient(StepReference step);
  void launch_tangent(StepReference step, const T* direction, T* product, DataVector* data);
  void launch_penalties(StepReference step);
  void launch_data_tangent(StepReference step, DataVector& data);

  const int32_t capacity_;  // examples that are evaluated at once; a training batch has no more
  const bool has_tf32_tangents_;
  Passes<T> passes_;
  Penalties<T> penalties_;
  Array<T*> slot_pointers_;
  Array<int32_t> examples_;            // [replicas × rows], −1 for rows that fill a batch up
  Array<T> factors_;                   // [replicas × rows]
  Array<T> targets_, probabilities_;   // [replicas × rows × outputs]
  Array<double> losses_;               // [replicas × rows × positions]
  Array<T> target_tangent_;            // made when first asked for, as are loss_tangents_, is_first_ and next_
  Array<double> loss_tangents_;        // [replicas × rows × positions]
  Array<int32_t> is_first_, next_;     // [replicas × rows]
  Array<double> penalty_sums_;         // [replicas × tiles]
  Array<double> evaluation_losses_;    // [replicas]
  Array<uint64_t> evaluation_errors_;  // [replicas]
  Array<int32_t> row_errors_;          // [replicas × rows × positions], of a loss that has errors
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
