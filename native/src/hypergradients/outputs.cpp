#include "hypergradients/outputs.h"

#include <algorithm>
#include <cmath>

#include "session/transfers.h"

namespace hypergrad {

namespace {

bool is_finite(double value) { return std::isfinite(value); }

// Every replica's numbers of a vector.
template <class T>
void take_vector(const SessionOf<T>& session, Vector<T>* vector, TensorOutput& output) {
  if (!output.is_wanted() || vector == nullptr) return;
  output.values.clear();
  for (int32_t replica = 0; replica < session.replicas; replica++) {
    const std::vector<double> numbers = read_numbers(session, *vector, replica);
    output.values.insert(output.values.end(), numbers.begin(), numbers.end());
  }
}

void take_array(const Array<double>& array, TensorOutput& output) {
  if (output.is_wanted()) output.values = array.to_vector();
}

}  // namespace

HypergradientOutputs::HypergradientOutputs(const Session& s, const hg_hypergradient_result& given)
    : validation_losses(*s.context, given.validation_losses, {1, s.replicas}, "validation_losses"),
      error_rates(*s.context, given.error_rates, {1, s.replicas}, "error_rates"),
      initial_weights_(*s.context, given.initial_weights, {s.replicas, s.layout.weight_count}, "initial_weights"),
      l2_(*s.context, given.l2, {s.replicas, s.layout.weight_count}, "l2"),
      l1_(*s.context, given.l1, {s.replicas, s.layout.weight_count}, "l1"),
      inputs_(*s.context, given.inputs, {s.replicas, static_cast<int64_t>(s.training().count) * s.program.input_numbers()}, "inputs"),
      targets_(*s.context, given.targets, {s.replicas, static_cast<int64_t>(s.training().count) * s.program.output_numbers()}, "targets"),
      example_weights_(*s.context, given.example_weights, {s.replicas, s.training().count}, "example_weights"),
      final_weights_(*s.context, given.final_weights, {s.replicas, s.layout.weight_count}, "final_weights"),
      training_losses_(*s.context, given.training_losses, {s.replicas, s.steps}, "training_losses") {
  const Optimizer& optimizer = s.optimizer;
  for (size_t i = 0; i < optimizer.slots.size(); i++)
    slots_.emplace_back(*s.context, given.slots == nullptr ? nullptr : given.slots[i], TensorExtent{s.replicas, s.layout.weight_count},
                        "slots[" + std::to_string(i) + "] (" + optimizer.slots[i].name + ")");
  for (size_t i = 0; i < optimizer.coefficients.size(); i++) {
    const Coefficient& coefficient = optimizer.coefficients[i];
    coefficients_.emplace_back(*s.context, given.coefficients == nullptr ? nullptr : given.coefficients[i],
                               TensorExtent{s.replicas, static_cast<int64_t>(s.steps) * coefficient.grouping.count()},
                               "coefficients[" + std::to_string(i) + "] (" + coefficient.name + ")");
  }
}

WantedGradients HypergradientOutputs::wanted() const {
  WantedGradients wanted;
  for (const TensorOutput& coefficient : coefficients_) wanted.coefficients.push_back(coefficient.is_wanted());
  wanted.l2 = l2_.is_wanted();
  wanted.l1 = l1_.is_wanted();
  wanted.data = (inputs_.is_wanted() ? HG_INPUTS : 0) | (targets_.is_wanted() ? HG_TARGETS : 0) |
                (example_weights_.is_wanted() ? HG_EXAMPLE_WEIGHTS : 0);
  return wanted;
}

template <class T>
void HypergradientOutputs::take_training(const SessionOf<T>& session) {
  take_vector(session, session.weights.get(), final_weights_);
  take_array(session.training_losses, training_losses_);
}

template <class T>
void HypergradientOutputs::take_gradients(const SessionOf<T>& session, SweepAdjoint<T>& adjoint) {
  take_vector(session, adjoint.weights.get(), initial_weights_);
  for (size_t i = 0; i < slots_.size(); i++) take_vector(session, adjoint.slots[i].get(), slots_[i]);
  for (size_t i = 0; i < coefficients_.size(); i++)
    if (adjoint.coefficients[i] != nullptr) take_array(adjoint.coefficients[i]->table, coefficients_[i]);
  take_vector(session, adjoint.l2.get(), l2_);
  take_vector(session, adjoint.l1.get(), l1_);
  if (adjoint.data == nullptr) return;
  take_array(adjoint.data->inputs, inputs_);
  take_array(adjoint.data->targets, targets_);
  take_array(adjoint.data->weights, example_weights_);
}

template <class F>
void HypergradientOutputs::for_each_gradient(const F& f) const {
  for (const TensorOutput* output : {&initial_weights_, &l2_, &l1_, &inputs_, &targets_, &example_weights_}) f(*output);
  for (const TensorOutput& output : slots_) f(output);
  for (const TensorOutput& output : coefficients_) f(output);
}

std::string HypergradientOutputs::names_of_broken() const {
  std::string names;
  for_each_gradient([&](const TensorOutput& output) {
    if (!std::all_of(output.values.begin(), output.values.end(), is_finite)) names += (names.empty() ? "" : ", ") + output.name();
  });
  return names;
}

int32_t HypergradientOutputs::first_broken_step(int32_t steps) const {
  int32_t step = -1;
  for (const TensorOutput& output : coefficients_) {
    const int64_t groups = output.columns() / steps;
    for (size_t i = 0; i < output.values.size(); i++)
      if (!is_finite(output.values[i])) step = std::max(step, static_cast<int32_t>(static_cast<int64_t>(i) % output.columns() / groups));
  }
  return step;
}

void HypergradientOutputs::write() const {
  for_each_gradient([](const TensorOutput& output) { output.write(); });
  for (const TensorOutput* output : {&final_weights_, &training_losses_, &validation_losses, &error_rates}) output->write();
}

#define HG_INSTANTIATE(T)                                                 \
  template void HypergradientOutputs::take_training(const SessionOf<T>&); \
  template void HypergradientOutputs::take_gradients(const SessionOf<T>&, SweepAdjoint<T>&)
HG_INSTANTIATE(float);
HG_INSTANTIATE(double);
#undef HG_INSTANTIATE

}  // namespace hypergrad
