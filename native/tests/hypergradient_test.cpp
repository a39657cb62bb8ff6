// Whole hypergradients, by the adjoint sweep over the library's primitives, against the derivative of the unrolled scalar run.
#include "closeness.h"
#include "scalar_training.h"
#include "sweep.h"

namespace hypergrad::testing {
namespace {

// The derivative by each number of one hyperparameter in turn.
std::vector<double> derivatives(const TrainingRun& run, std::vector<Dual> Hyperparameters::*which) {
  Hyperparameters h(run);
  std::vector<double> result;
  for (Dual& number : h.*which) {
    number.slope = 1;
    result.push_back(train(run, h).validation_loss.slope);
    number.slope = 0;
  }
  return result;
}

void expect_scalar_hypergradient(const TrainingRun& run, const Hypergradient& actual, double tolerance) {
  const Trained trained = train(run, Hyperparameters(run));
  expect_close("validation loss", {actual.validation_loss}, {trained.validation_loss.value}, tolerance);
  std::vector<double> weights, losses;
  for (const Dual& w : trained.weights) weights.push_back(w.value);
  for (const Dual& l : trained.training_losses) losses.push_back(l.value);
  expect_close("final weights", actual.final_weights, weights, tolerance);
  expect_close("training losses", actual.training_losses, losses, tolerance);
  expect_close("initial weights", actual.weights, derivatives(run, &Hyperparameters::initial), tolerance);
  expect_close("initial velocity", actual.slots[0], derivatives(run, &Hyperparameters::initial_velocity), tolerance);
  expect_close("learning rate", actual.coefficients[2], derivatives(run, &Hyperparameters::learning_rates), tolerance);
  expect_close("momentum", actual.momentum(), derivatives(run, &Hyperparameters::momenta), tolerance);
  expect_close("L2", actual.l2, derivatives(run, &Hyperparameters::l2), tolerance);
  expect_close("L1", actual.l1, derivatives(run, &Hyperparameters::l1), tolerance);
  expect_close("inputs", actual.inputs, derivatives(run, &Hyperparameters::inputs), tolerance);
  expect_close("targets", actual.targets, derivatives(run, &Hyperparameters::targets), tolerance);
  expect_close("example weights", actual.example_weights, derivatives(run, &Hyperparameters::example_weights), tolerance);
}

class EveryNetwork : public ::testing::TestWithParam<std::tuple<int32_t, int32_t>> {};

TEST_P(EveryNetwork, HypergradientIsThatOfTheUnrolledRun) {
  TrainingRun run;
  std::tie(run.activation, run.loss) = GetParam();
  run.complete();
  for (Method method : {Method::reversible, Method::stored}) {
    const Hypergradient actual = sweep(run, method);
    expect_scalar_hypergradient(run, actual, 1e-9);
    EXPECT_EQ(actual.is_exact, method == Method::reversible);
  }
}

INSTANTIATE_TEST_SUITE_P(Native, EveryNetwork,
                         ::testing::Combine(::testing::Range(0, 6), ::testing::Values(HG_SOFTMAX_CROSS_ENTROPY, HG_SQUARED)));

class EverySharing : public ::testing::TestWithParam<Sharing> {};

TEST_P(EverySharing, HypergradientIsThatOfTheUnrolledRun) {
  TrainingRun run;
  run.layers = {4, 5, 3, 2};
  run.sharing = GetParam();
  run.complete(2);
  expect_scalar_hypergradient(run, sweep(run, Method::reversible), 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Native, EverySharing, ::testing::Values(Sharing::all, Sharing::tensor, Sharing::unit, Sharing::weight));

TEST(Hypergradient, WithoutPenaltiesAndExampleWeights) {
  TrainingRun run;
  run.penalties = run.weighted = false;
  run.complete(3);
  expect_scalar_hypergradient(run, sweep(run, Method::reversible), 1e-9);
}

TEST(Hypergradient, InFloats) {
  TrainingRun run;
  run.precision = HG_SINGLE;
  run.complete(4);
  const Hypergradient actual = sweep(run, Method::reversible);
  expect_scalar_hypergradient(run, actual, 1e-4);
  EXPECT_TRUE(actual.is_exact);
}

TEST(Hypergradient, EveryReplicaIsARunOfItsOwn) {
  TrainingRun alone, together;
  alone.complete(5);
  together.replicas = 3;
  together.complete(5);
  const Hypergradient one = sweep(alone, Method::reversible), third = sweep(together, Method::reversible, 2);
  EXPECT_EQ(one.weights, third.weights);
  EXPECT_EQ(one.coefficients, third.coefficients);
  EXPECT_EQ(one.inputs, third.inputs);
  EXPECT_EQ(one.l2, third.l2);
  EXPECT_TRUE(third.is_exact);
}

TEST(Hypergradient, IsTheSameTwiceToTheBit) {
  TrainingRun run;
  run.layers = {9, 40, 17, 2};
  run.batch_size = 70;
  run.examples = 50;
  run.precision = HG_SINGLE;
  run.complete(6);
  EXPECT_EQ(sweep(run, Method::reversible).weights, sweep(run, Method::reversible).weights);
}

}  // namespace
}  // namespace hypergrad::testing
