#include "hypergradients/request.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/structs.h"
#include "trajectories/checkpointed.h"
#include "trajectories/reversible.h"

namespace hypergrad {

namespace {

hg_session_description description_of(const Context& context, const hg_hypergradient_request& given) {
  require_pointer(given.run, "run");
  const hg_session_description description = with_dataset(context, take_struct(given.run, "hg_session_description"));
  require(description.dataset == 0 || (given.inputs == nullptr && given.targets == nullptr),
          "The examples are given twice, by the run's dataset and as a tensor; leave one of the two out.");
  return description;
}

// An array is given in one place.
void require_once(const void* in_run, const hg_tensor* tensor, const char* name) {
  require(in_run == nullptr || tensor == nullptr, "The ", name,
          " are given twice, by the run and as a tensor; leave them null in one of the two.");
}

}  // namespace

HypergradientRequest::HypergradientRequest(std::shared_ptr<Context> context, const hg_hypergradient_request& given)
    : context_(std::move(context)), given_(given), description_(description_of(*context_, given)) {
  require(given.method == HG_REVERSIBLE || given.method == HG_CHECKPOINTED, "The method is ", given.method, "; it must be 0 or 1.");
  require(given.verify_every >= 0, "Verifying every ", given.verify_every, " steps: it must be at least 1, or 0 for twenty times a run.");
  require(given.snapshots >= 0, given.snapshots, " snapshots: there must be at least 1, or 0 for about the root of the steps.");
  require(given.memory_budget >= 0, "A memory budget of ", given.memory_budget, " bytes: it must be at least 0.");
  require(given.memory_budget == 0 || given.snapshots == 0,
          "A memory budget and a number of snapshots are given; leave one of the two at 0.");
  require(given.validation_has_class_targets == 0 || given.validation_has_class_targets == 1, "validation_has_class_targets is ",
          given.validation_has_class_targets, "; it must be 0 or 1.");
  const hg_session_description& d = description_;
  require(d.replicas >= 1 && d.replicas <= 65536, "There are ", d.replicas, " replicas; there must be from 1 to 65536.");
  require(d.examples >= 1, "There are ", d.examples, " training examples; there must be at least 1.");
  weight_count_ = Layout(context_, d.parameters, d.parameter_count, d.replicas).weight_count;
  require_pointer(given.initial_weights, "initial_weights");
  const bool is_shared = count_of(*given.initial_weights, "initial_weights") == weight_count_;
  initial_ = doubles_of(*context_, *given.initial_weights, {is_shared ? 1 : d.replicas, weight_count_}, "initial_weights");
  take_examples();
  take_doubles(given.example_weights, &description_.example_weights, d.examples, example_weights_, "example_weights");
  take_doubles(given.l2, &description_.l2, weight_count_, l2_, "l2");
  take_doubles(given.l1, &description_.l1, weight_count_, l1_, "l1");
  take_validation();
}

void HypergradientRequest::take_doubles(const hg_tensor* tensor, const double** into, int64_t count, std::vector<double>& numbers,
                                        const char* name) {
  require_once(*into, tensor, name);
  if (tensor == nullptr) return;
  numbers = doubles_of(*context_, *tensor, {1, count}, name);
  *into = numbers.data();
}

int32_t HypergradientRequest::numbers_of_value(int32_t value) const {
  require_pointer(description_.values, "values");
  require(value >= 0 && value < description_.value_count, "The program reads value ", value, "; there are ", description_.value_count,
          " values, numbered from 0.");
  const int32_t numbers = StructArray(description_.values, "hg_value")[value].numbers;
  require(numbers >= 1, "Value ", value, " has ", numbers, " numbers; it must have at least 1.");
  return numbers;
}

int64_t HypergradientRequest::target_columns(bool has_classes) const {
  const int32_t numbers = numbers_of_value(description_.output), outputs = description_.outputs;
  require(outputs >= 1 && numbers % outputs == 0, "The output has ", numbers, " numbers, which do not divide into positions of ", outputs,
          ".");
  return has_classes ? numbers / outputs : numbers;
}

void HypergradientRequest::take_examples() {
  hg_session_description& d = description_;
  require_once(d.inputs, given_.inputs, "inputs");
  require_once(d.targets, given_.targets, "targets");
  if (given_.inputs != nullptr) {
    require_extent(*given_.inputs, {d.examples, numbers_of_value(0)}, "inputs");
    inputs_ = std::make_unique<HostNumbers>(*context_, *given_.inputs, d.vocabulary > 0 ? Numbers::real_or_whole : Numbers::real, "inputs");
    d.inputs = inputs_->values();
    d.input_type = inputs_->type();
  }
  if (given_.targets != nullptr) {
    const bool has_classes = d.has_class_targets == 1;
    require_extent(*given_.targets, {d.examples, target_columns(has_classes)}, "targets");
    targets_ = std::make_unique<HostNumbers>(*context_, *given_.targets, has_classes ? Numbers::real_or_whole : Numbers::real, "targets");
    d.targets = targets_->values();
    d.target_type = targets_->type();
  }
}

void HypergradientRequest::take_validation() {
  require_pointer(given_.validation_inputs, "validation_inputs");
  require_pointer(given_.validation_targets, "validation_targets");
  const bool has_classes = given_.validation_has_class_targets == 1;
  const int32_t columns = numbers_of_value(0);
  const int64_t count = count_of(*given_.validation_inputs, "validation_inputs");
  require(count % columns == 0 && count / columns <= std::numeric_limits<int32_t>::max(), "The tensor validation_inputs has ", count,
          " numbers, which do not divide into examples of ", columns, ".");
  validation_examples_ = static_cast<int32_t>(count / columns);
  require_extent(*given_.validation_inputs, {validation_examples_, columns}, "validation_inputs");
  require_extent(*given_.validation_targets, {validation_examples_, target_columns(has_classes)}, "validation_targets");
  validation_inputs_ = std::make_unique<HostNumbers>(
      *context_, *given_.validation_inputs, description_.vocabulary > 0 ? Numbers::real_or_whole : Numbers::real, "validation_inputs");
  validation_targets_ = std::make_unique<HostNumbers>(*context_, *given_.validation_targets,
                                                      has_classes ? Numbers::real_or_whole : Numbers::real, "validation_targets");
}

ExampleTable HypergradientRequest::validation(const Session& session) const {
  return session.table_of_examples(validation_examples_, validation_inputs_->values(), validation_inputs_->type(),
                                   validation_targets_->values(), validation_targets_->type(), given_.validation_has_class_targets == 1,
                                   "validation_inputs", "validation_targets");
}

template <class T>
InitialWeights HypergradientRequest::initial_weights() const {
  std::vector<double> rounded;
  for (size_t i = 0; i < initial_.size(); i++) {
    rounded.push_back(static_cast<double>(static_cast<T>(initial_[i])));
    require(std::isfinite(rounded.back()), "The initial weight ", i, " is ", initial_[i], "; it must be finite.");
  }
  return {std::move(rounded), weight_count_};
}

int32_t HypergradientRequest::snapshots_for(int64_t state_bytes) const {
  const int32_t steps = description_.steps;
  if (given_.memory_budget == 0) {
    const int32_t asked = given_.snapshots > 0 ? given_.snapshots : static_cast<int32_t>(std::ceil(std::sqrt(steps)));
    return std::min(steps, asked);
  }
  require(given_.memory_budget >= state_bytes, "A memory budget of ", given_.memory_budget, " bytes: one snapshot of this run takes ",
          state_bytes, "; give at least that.");
  return static_cast<int32_t>(std::min<int64_t>(steps, given_.memory_budget / state_bytes));
}

template <class T>
std::unique_ptr<Trajectory<T>> HypergradientRequest::open_trajectory(SessionOf<T>& session) const {
  if (given_.method == HG_REVERSIBLE)
    return std::make_unique<ReversibleTrajectory<T>>(session,
                                                     given_.verify_every > 0 ? given_.verify_every : std::max(1, session.steps / 20));
  const int64_t numbers = (1 + session.optimizer.slot_count()) * static_cast<int64_t>(session.replicas) * weight_count_;
  return std::make_unique<CheckpointedTrajectory<T>>(session, snapshots_for(numbers * static_cast<int64_t>(sizeof(T))));
}

template InitialWeights HypergradientRequest::initial_weights<float>() const;
template InitialWeights HypergradientRequest::initial_weights<double>() const;
template std::unique_ptr<Trajectory<float>> HypergradientRequest::open_trajectory(SessionOf<float>&) const;
template std::unique_ptr<Trajectory<double>> HypergradientRequest::open_trajectory(SessionOf<double>&) const;

}  // namespace hypergrad
