// A small training run, its numbers and its description; and a session on the host that a test opens on it.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "hypergrad/hypergrad.h"

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

struct TrainingRun {
  std::vector<int32_t> layers{3, 5, 2};
  int32_t activation = HG_TANH, loss = HG_SOFTMAX_CROSS_ENTROPY, precision = HG_DOUBLE, steps = 6, examples = 7, replicas = 1;
  Sharing sharing = Sharing::tensor;
  int32_t sampling = HG_EXPLICIT_BATCHES, batch_size = 3;
  uint64_t seed = 1;
  bool penalties = true, weighted = true;

  std::vector<double> inputs, targets, example_weights, learning_rates, momenta, l2, l1, initial;
  std::vector<int64_t> offsets;
  std::vector<int32_t> batch_examples;
  std::vector<hg_group_pattern> patterns;
  int32_t weights = 0, groups = 0;

  // Fills in every number that was not given, at random.
  TrainingRun& complete(uint32_t random_seed = 1);
  hg_session_description description() const;
  int32_t group_of(int32_t weight) const;
  int32_t tensor_of(int32_t weight, int32_t* within) const;
  std::vector<int32_t> batch(int32_t step) const;
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
  void start();          // w ← initial, v ← 0, all replicas
  void start_exactly();  // the same in the exact state

  const TrainingRun& run;
  hg_handle context = 0, session = 0, weights = 0, velocity = 0, gradient = 0, state = 0;
};

// The adjoint sweep over a run trained exactly, as Hypergrad.Hypergradients.AdjointSweep has it, in recorded bodies.
struct Hypergradient {
  double validation_loss = 0;
  std::vector<double> training_losses, final_weights, weights, velocity, learning_rate, momentum, l2, l1, inputs, targets, example_weights;
  bool is_exact = false;
};

enum class Method { reversible, stored };

// The validation set is the training set.
Hypergradient sweep(const TrainingRun& run, Method method, int32_t replica = 0);

}  // namespace hypergrad::testing
