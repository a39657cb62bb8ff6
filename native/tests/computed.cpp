#include "computed.h"

namespace hypergrad::testing {

namespace {

std::vector<double> of_replica(const std::vector<double>& values, int32_t replica, int32_t replicas) {
  const auto size = static_cast<int64_t>(values.size()) / replicas;
  return {values.begin() + replica * size, values.begin() + (replica + 1) * size};
}

}  // namespace

const hg_tensor* Tensors::make(void* data, const std::vector<int64_t>& shape, uint8_t code, uint8_t bits) {
  shapes_.push_back(shape);
  tensors_.push_back({data, HG_TENSOR_CPU, 0, static_cast<int32_t>(shape.size()), code, bits, 1, shapes_.back().data(), nullptr, 0});
  return &tensors_.back();
}

ComputeCall::ComputeCall(const TrainingRun& given, int32_t method) : run(given), description(run.description()) {
  const int64_t replicas = run.replicas, examples = run.examples, count = run.weights, steps = run.steps;
  const bool has_inputs = run.program.vocabulary == 0;
  request.struct_size = sizeof request;
  request.run = &description;
  request.initial_weights = tensors.over(run.initial, {count});
  request.validation_inputs = tensors.over(run.inputs, {examples, run.input_size()});
  request.validation_targets = tensors.over(run.targets, {examples, static_cast<int64_t>(run.targets.size()) / examples});
  request.validation_has_class_targets = run.class_targets ? 1 : 0;
  request.method = method;
  const auto make = [&](std::vector<double>& values, std::vector<int64_t> shape) {
    int64_t size = 1;
    for (const int64_t length : shape) size *= length;
    values.assign(static_cast<size_t>(size), -7);
    return tensors.over(values, shape);
  };
  result.struct_size = sizeof result;
  result.initial_weights = make(weights, {replicas, count});
  result.l2 = make(l2, {replicas, count});
  result.l1 = make(l1, {replicas, count});
  if (has_inputs) result.inputs = make(inputs, {replicas, examples, run.input_size()});
  if (!run.class_targets) result.targets = make(targets, {replicas, examples, run.output_size()});
  result.example_weights = make(example_weights, {replicas, examples});
  result.final_weights = make(final_weights, {replicas, count});
  result.training_losses = make(training_losses, {replicas, steps});
  result.validation_losses = make(validation_losses, {replicas});
  result.error_rates = make(error_rates, {replicas});
  slots.resize(run.slots.size());
  coefficients.resize(run.coefficients.size());
  for (auto& slot : slots) slot_tensors_.push_back(make(slot, {replicas, count}));
  for (auto& coefficient : coefficients) coefficient_tensors_.push_back(make(coefficient, {replicas, steps, run.groups}));
  result.slots = slot_tensors_.data();
  result.coefficients = coefficient_tensors_.data();
}

hg_status ComputeCall::operator()(int32_t executor) {
  hg_handle context = 0;
  int64_t before = -1, after = -1;
  HG_EXPECT_OK(hg_live_bytes(&before));
  HG_EXPECT_OK(create_context(&context, executor));
  const hg_status status = hg_hypergradient_compute(context, &request, &result);
  // Not to be lost by what follows.
  const std::string message = hg_last_error();
  HG_EXPECT_OK(hg_destroy(context));
  HG_EXPECT_OK(hg_live_bytes(&after));
  EXPECT_EQ(after, before) << message;
  return status;
}

Hypergradient ComputeCall::gradient(int32_t replica) const {
  const auto part = [&](const std::vector<double>& values) { return of_replica(values, replica, run.replicas); };
  Hypergradient h;
  h.validation_loss = validation_losses[static_cast<size_t>(replica)];
  h.training_losses = part(training_losses);
  h.final_weights = part(final_weights);
  h.weights = part(weights);
  h.l2 = part(l2);
  h.l1 = part(l1);
  h.inputs = part(inputs);
  h.targets = part(targets);
  h.example_weights = part(example_weights);
  for (const auto& slot : slots) h.slots.push_back(part(slot));
  for (const auto& coefficient : coefficients) h.coefficients.push_back(part(coefficient));
  h.is_exact = result.is_exact == 1;
  return h;
}

}  // namespace hypergrad::testing
