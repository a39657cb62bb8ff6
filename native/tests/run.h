// A small training run, its numbers and its description.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "program.h"

namespace hypergrad::testing {

// Fails the test with the library's message.
#define HG_EXPECT_OK(call) EXPECT_EQ(call, HG_OK) << hg_last_error()
#define HG_ASSERT_OK(call) ASSERT_EQ(call, HG_OK) << hg_last_error()

// The call is refused, with a message that holds the words.
inline void expect_refused(hg_status status, hg_status expected, const std::string& words) {
  EXPECT_EQ(status, expected) << hg_last_error();
  EXPECT_NE(std::string(hg_last_error()).find(words), std::string::npos) << "the message is: " << hg_last_error();
}

enum class Sharing { all, tensor, unit, weight };

enum class OptimizerKind { momentum, adamw, nesterov };

// A coefficient's numbers, [steps × groups]; a decay's are ratios.
struct CoefficientNumbers {
  const char* name;
  std::vector<double> values;
  std::vector<int32_t> numerators, denominators;
};

struct TrainingRun {
  // An MLP of these layers, unless another program is given.
  std::vector<int32_t> layers{3, 5, 2};
  TestProgram program;
  int32_t outputs = 0;  // of a position; 0: all of the output is one
  bool class_targets = false;
  uint64_t dropout_seed = 9;
  int32_t allow_tf32 = HG_TF32_NOWHERE;

  int32_t activation = HG_TANH, loss = HG_SOFTMAX_CROSS_ENTROPY, precision = HG_DOUBLE, steps = 6, examples = 7, replicas = 1;
  Sharing sharing = Sharing::tensor;
  OptimizerKind optimizer = OptimizerKind::momentum;
  int32_t sampling = HG_EXPLICIT_BATCHES, batch_size = 3;
  uint64_t seed = 1;
  bool penalties = true, weighted = true;

  // What a person states of the optimizer, [steps × groups]; the coefficients follow from it. Momenta are of momentum and Nesterov's, and
  // β₁ of Adam's.
  std::vector<double> inputs, targets, example_weights, learning_rates, momenta, weight_decays, beta2, l2, l1, initial;
  std::vector<int64_t> offsets;
  std::vector<int32_t> batch_examples;
  std::vector<hg_group_pattern> patterns;
  int32_t weights = 0, groups = 0;

  // The lowered optimizer.
  std::vector<hg_slot> slots;
  std::vector<CoefficientNumbers> coefficients;
  std::vector<hg_update> updates;

  // Fills in every number that was not given, at random.
  TrainingRun& complete(uint32_t random_seed = 1);
  // Makes the optimizer's list and coefficients again of what a person states.
  void lower();
  // Pointers into the run, which outlives it. Not for runs of more than one thread at a time.
  const hg_session_description& description() const;
  int32_t group_of(int32_t weight) const;
  int32_t tensor_of(int32_t weight, int32_t* within) const;
  std::vector<int32_t> batch(int32_t step) const;
  int32_t input_size() const { return program.values.front().numbers; }
  int32_t output_size() const { return program.values.back().numbers; }
  int32_t positions() const { return output_size() / outputs; }

 private:
  mutable std::vector<hg_coefficient> described_;
  mutable hg_session_description description_{};
};

}  // namespace hypergrad::testing
