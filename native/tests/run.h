// A small training run, its numbers and its description; and a session on the host that a test opens on it.
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

// Where the sessions of the tests compute: on the host, or on the device that HYPERGRAD_TEST_DEVICE in the environment numbers.
constexpr int32_t host = -1;
int32_t executor_under_test();
hg_status create_context(hg_handle* context, int32_t executor = executor_under_test());
bool is_simulated();  // so that a long run would take too long

// A call's status, once what it queued is done.
inline hg_status and_wait(hg_handle session, hg_status status) { return status == HG_OK ? hg_session_synchronize(session) : status; }

// A context and a session on it, destroyed with it.
class OpenRun {
 public:
  explicit OpenRun(const TrainingRun& run, int32_t executor = executor_under_test());
  ~OpenRun();
  OpenRun(const OpenRun&) = delete;
  OpenRun& operator=(const OpenRun&) = delete;

  hg_handle vector();
  void write(hg_handle vector, const std::vector<double>& values, int32_t replica = 0);
  std::vector<double> read(hg_handle vector, int32_t replica = 0);
  void start();          // w ← initial, slots ← 0, all replicas
  void start_exactly();  // the same in the exact state

  const TrainingRun& run;
  hg_handle context = 0, session = 0, weights = 0, gradient = 0, state = 0;
  std::vector<hg_handle> slots;
};

// An adjoint of a session's state, with a table for every coefficient.
class OpenAdjoint {
 public:
  explicit OpenAdjoint(OpenRun& open);

  std::vector<double> table(int32_t coefficient, int32_t replica = 0) const;

  OpenRun& open;
  hg_handle weights = 0;
  std::vector<hg_handle> slots, coefficients;
  hg_adjoint parts{};
};

// The adjoint sweep over a run, as Hypergrad.Hypergradients.AdjointSweep has it, in recorded bodies.
struct Hypergradient {
  double validation_loss = 0;
  std::vector<double> training_losses, final_weights, weights, l2, l1, inputs, targets, example_weights;
  std::vector<std::vector<double>> slots, coefficients;  // of their starts; of each coefficient
  bool is_exact = false;

  // By γ, of momentum: it is the decay, and in the kick's −(1 − γ).
  std::vector<double> momentum() const;
};

enum class Method { reversible, stored };

// The validation set is the training set.
Hypergradient sweep(const TrainingRun& run, Method method, int32_t replica = 0);

// The validation loss of the run trained in floating point, on the training examples of another run with the same network.
double train_and_validate(const TrainingRun& run, const TrainingRun& validation);

}  // namespace hypergrad::testing
