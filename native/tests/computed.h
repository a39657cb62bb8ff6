// The hypergradient of a training run by one call, in the form in which the sweep over the library's functions gives it.
#pragma once

#include <deque>
#include <vector>

#include "sweep.h"

namespace hypergrad::testing {

// Tensors over vectors of the test's, which outlive them.
class Tensors {
 public:
  const hg_tensor* over(std::vector<double>& values, std::vector<int64_t> shape) { return make(values.data(), shape, HG_TENSOR_FLOAT, 64); }
  const hg_tensor* over(std::vector<float>& values, std::vector<int64_t> shape) { return make(values.data(), shape, HG_TENSOR_FLOAT, 32); }
  const hg_tensor* over(std::vector<int64_t>& values, std::vector<int64_t> shape) {
    return make(values.data(), shape, HG_TENSOR_INTEGER, 64);
  }
  const hg_tensor* over(std::vector<uint8_t>& values, std::vector<int64_t> shape) {
    return make(values.data(), shape, HG_TENSOR_UNSIGNED, 8);
  }
  // The latest one, to be changed.
  hg_tensor& last() { return tensors_.back(); }
  std::vector<int64_t>& last_shape() { return shapes_.back(); }

 private:
  const hg_tensor* make(void* data, const std::vector<int64_t>& shape, uint8_t code, uint8_t bits);

  std::deque<std::vector<int64_t>> shapes_;
  std::deque<hg_tensor> tensors_;
};

// A request for everything that a run has, the validation set being the training set; the numbers are read by the call alone.
struct ComputeCall {
  explicit ComputeCall(const TrainingRun& run, int32_t method = HG_REVERSIBLE);

  // Calls, and has the first replica's numbers, or another's.
  hg_status operator()(int32_t executor = executor_under_test());
  Hypergradient gradient(int32_t replica = 0) const;

  TrainingRun run;
  Tensors tensors;
  hg_session_description description;
  hg_hypergradient_request request{};
  hg_hypergradient_result result{};
  std::vector<std::vector<double>> slots, coefficients;
  std::vector<double> weights, l2, l1, inputs, targets, example_weights, final_weights, training_losses, validation_losses, error_rates;

 private:
  std::vector<const hg_tensor*> slot_tensors_, coefficient_tensors_;
};

}  // namespace hypergrad::testing
