// The evaluation of datasets of any size, and the passes' answers that it shares with training.
#include "scalar_training.h"
#include "sweep.h"

namespace hypergrad::testing {
namespace {

// 128 examples fit at once on the host, and 4096 on a device.
void expect_evaluation_of(int32_t examples, const std::vector<int32_t>& layers) {
  const size_t columns = static_cast<size_t>(layers.front());
  TrainingRun run;
  run.layers = layers;
  run.examples = examples;
  run.complete();
  OpenRun open(run);
  open.start();
  hg_handle dataset = 0;
  HG_ASSERT_OK(hg_dataset_create(open.session, examples, run.inputs.data(), HG_DOUBLE, run.targets.data(), HG_DOUBLE, 0, &dataset));
  double loss = 0, error_rate = 0;
  const hg_handle gradient = open.vector();
  HG_ASSERT_OK(hg_session_evaluate(open.session, dataset, gradient, &loss, &error_rate));
  Dual expected;
  std::vector<Dual> expected_gradient(run.initial.size());
  const Hyperparameters h(run);
  for (int32_t example = 0; example < examples; example++)
    expected = expected + example_loss(run, h.initial, &h.inputs[static_cast<size_t>(example) * columns],
                                       &h.targets[static_cast<size_t>(example) * 2], 1.0 / examples, &expected_gradient);
  EXPECT_NEAR(loss, expected.value / examples, 1e-12);
  const std::vector<double> actual = open.read(gradient);
  for (size_t i = 0; i < actual.size(); i++) EXPECT_NEAR(actual[i], expected_gradient[i].value, 1e-12);
  EXPECT_GT(error_rate, 0);
  EXPECT_LT(error_rate, 1);
  double again = 0;
  HG_ASSERT_OK(hg_session_evaluate(open.session, dataset, 0, &again, &error_rate));
  EXPECT_EQ(again, loss);
}

TEST(Evaluation, OfMoreExamplesThanFitAtOnce) { expect_evaluation_of(300, {3, 5, 2}); }

TEST(Evaluation, OfMoreExamplesThanFitOnADeviceAtOnce) { expect_evaluation_of(4500, {1, 2}); }

// The room for many rows is the evaluation's: what training takes for its tangents grows with its batch alone.
TEST(Evaluation, TakesNoRoomFromTheTangents) {
  TrainingRun run;
  run.complete();
  OpenRun open(run);
  open.start();
  const hg_handle direction = open.vector(), product = open.vector();
  int64_t before = 0, after = 0;
  HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, 0));
  HG_ASSERT_OK(hg_live_bytes(&before));
  HG_ASSERT_OK(hg_session_evaluate_tangent(open.session, 0, direction, product, 0));
  HG_ASSERT_OK(hg_live_bytes(&after));
  EXPECT_GT(after, before);
  EXPECT_LT(after - before, 8 * run.batch_size * 64) << "of some two dozen numbers a row";
}

TEST(Evaluation, ErrorRateCountsTheLargest) {
  TrainingRun run;
  run.layers = {1, 2};
  run.complete();
  OpenRun open(run);
  open.write(open.weights, {1, -1, 0, 0});  // class 0 for positive inputs, class 1 for negative ones
  const std::vector<float> inputs{1, 2, -1, -2}, targets{1, 0, 0, 1, 0, 1, 0, 1};
  hg_handle dataset = 0;
  HG_ASSERT_OK(hg_dataset_create(open.session, 4, inputs.data(), HG_SINGLE, targets.data(), HG_SINGLE, 0, &dataset));
  double loss = 0, error_rate = 0;
  HG_ASSERT_OK(hg_session_evaluate(open.session, dataset, 0, &loss, &error_rate));
  EXPECT_EQ(error_rate, 0.25);
}

// Rows of more outputs than a warp has lanes; equal ones, of which the first counts as the largest.
TEST(Evaluation, CountsErrorsOfWideRows) {
  constexpr int32_t classes = 70, examples = 40;
  TrainingRun run;
  run.layers = {1, classes};
  run.complete();
  OpenRun open(run);
  std::vector<double> weights(2 * classes);
  for (size_t c = 0; c < classes; c++) weights[c] = c % 35 == 33 ? 1.0 : std::sin(static_cast<double>(c)) / 2;
  open.write(open.weights, weights);
  std::vector<double> inputs(examples), targets(examples);
  int32_t errors = 0;
  double loss = 0;
  for (size_t i = 0; i < examples; i++) {
    inputs[i] = i % 3 == 2 ? 0.0 : 1.0;  // outputs 33 and 68 are the largest, or all are equal
    targets[i] = static_cast<double>(i % 2 == 0 ? 33 : i % 4 == 1 ? 68 : 0);
    errors += targets[i] != (inputs[i] == 0 ? 0 : 33);
    double total = 0;
    for (size_t c = 0; c < classes; c++) total += std::exp(weights[c] * inputs[i]);
    loss += (std::log(total) - weights[static_cast<size_t>(targets[i])] * inputs[i]) / examples;
  }
  hg_handle dataset = 0;
  HG_ASSERT_OK(hg_dataset_create(open.session, examples, inputs.data(), HG_DOUBLE, targets.data(), HG_DOUBLE, 1, &dataset));
  double actual = 0, error_rate = 0;
  HG_ASSERT_OK(hg_session_evaluate(open.session, dataset, 0, &actual, &error_rate));
  EXPECT_NEAR(actual, loss, 1e-12);
  EXPECT_EQ(error_rate, static_cast<double>(errors) / examples);
}

TEST(Evaluation, OfTheSquaredLossHasNoErrorRate) {
  TrainingRun run;
  run.loss = HG_SQUARED;
  run.complete();
  OpenRun open(run);
  hg_handle dataset = 0;
  HG_ASSERT_OK(hg_dataset_create(open.session, run.examples, run.inputs.data(), HG_DOUBLE, run.targets.data(), HG_DOUBLE, 0, &dataset));
  double loss = 0, error_rate = 0;
  HG_ASSERT_OK(hg_session_evaluate(open.session, dataset, 0, &loss, &error_rate));
  EXPECT_TRUE(std::isnan(error_rate));
}

}  // namespace
}  // namespace hypergrad::testing
