// What an operation does where its definition leaves a choice, or its work is cut: equals in a pool, masks of dropout, blocks of windows.
#include "data/philox.h"
#include "open_run.h"

namespace hypergrad::testing {
namespace {

TEST(Operation, APoolTakesTheFirstOfEquals) {
  TrainingRun run;
  run.program = TestProgram(4);
  run.program.affine(run.program.pool(run.program.affine(0, 1, 1), window(2, 2, 1, 2, 1, 0), true), 1, 2);
  run.inputs.assign(28, 1.0);
  run.complete();
  OpenRun open(run);
  open.start();
  hg_handle data = 0;
  const hg_handle u = open.vector(), hu = open.vector();
  std::vector<double> ones(run.initial.size(), 1.0), inputs(28);
  open.write(u, ones);
  HG_ASSERT_OK(hg_data_vector_create(open.session, HG_INPUTS, &data));
  HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, 0));
  HG_ASSERT_OK(hg_session_evaluate_tangent(open.session, 0, u, hu, data));
  HG_ASSERT_OK(hg_data_vector_read(open.session, data, HG_INPUTS, 0, 0, 28, inputs.data()));
  const size_t example = static_cast<size_t>(run.batch(0).front()) * 4;
  EXPECT_NE(inputs[example], 0);
  for (size_t i = 1; i < 4; i++) EXPECT_EQ(inputs[example + i], 0);
}

TEST(Operation, DropoutKeepsWhatItsWordsSay) {
  TrainingRun run;
  run.program = TestProgram(6);
  run.program.affine(run.program.drop(0, 0.5), 6, 1);
  run.loss = HG_SQUARED;
  run.penalties = run.weighted = false;
  run.replicas = 2;
  run.batch_size = 2;
  run.batch_examples = {0, 1, 2, 3};
  run.offsets = {0, 2, 4};
  run.steps = 2;
  run.inputs.assign(42, 1.0);
  run.targets.assign(7, 0.0);
  run.complete();
  OpenRun open(run);
  // f = b = 1, so that the gradient of weight i is the mean of what the batch keeps of number i.
  std::vector<double> weights(7, 0.0);
  weights[6] = 1;
  for (int32_t replica = 0; replica < 2; replica++) open.write(open.weights, weights, replica);
  for (int32_t step = 0; step < 2; step++) {
    HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, step));
    for (int32_t replica = 0; replica < 2; replica++) {
      const Philox philox{run.dropout_seed, static_cast<uint64_t>(replica) << 32 | 1 << 16};
      const std::vector<double> gradient = open.read(open.gradient, replica);
      for (uint64_t i = 0; i < 6; i++) {
        double kept = 0;
        for (uint64_t row = 0; row < 2; row++)
          kept += philox.word((static_cast<uint64_t>(step) << 40) + row * 6 + i) >= 0x80000000u ? 2 : 0;
        EXPECT_EQ(gradient[i], kept / 2) << "step " << step << ", replica " << replica << ", number " << i;
      }
    }
  }
  // In an evaluation nothing is dropped.
  hg_handle dataset = 0;
  HG_ASSERT_OK(hg_dataset_create(open.session, 7, run.inputs.data(), HG_DOUBLE, run.targets.data(), HG_DOUBLE, 0, &dataset));
  double losses[2], errors[2];
  const hg_handle gradient = open.vector();
  HG_ASSERT_OK(hg_session_evaluate(open.session, dataset, gradient, losses, errors));
  for (size_t i = 0; i < 6; i++) EXPECT_DOUBLE_EQ(open.read(gradient)[i], 1.0);
}

TEST(Operation, PatchesGoInBlocksWhereTheyAreLarge) {
  // Windows of 5 × 5 × 8 doubles at 64 × 64 places are 6.6 MB an example: a block of ten, and one of the other two.
  TrainingRun run;
  run.program = TestProgram(64 * 64 * 8);
  const int32_t image = run.program.convolution(0, window(64, 64, 8, 5, 1, 2), 2, HG_TANH);
  run.program.affine(run.program.pool(image, window(64, 64, 2, 64, 1, 0), false), 2, 2);
  run.sampling = HG_FULL_BATCH;
  run.examples = 12;
  run.steps = 1;
  run.complete();
  OpenRun open(run);
  open.start();
  HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, 0));
  const std::vector<double> gradient = open.read(open.gradient);
  double losses[3];
  HG_ASSERT_OK(hg_session_training_losses(open.session, 0, losses));
  // An evaluation of these takes a simulated device seconds.
  const std::vector<size_t> compared = is_simulated() ? std::vector<size_t>{77} : std::vector<size_t>{0, 77, 399, 400};
  constexpr double difference = 1e-5;
  for (const size_t i : compared) {
    std::vector<double> near = run.initial;
    double ahead = 0, behind = 0;
    near[i] += difference;
    open.write(open.weights, near);
    HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, 0));
    HG_ASSERT_OK(hg_session_training_losses(open.session, 0, &ahead));
    near[i] -= 2 * difference;
    open.write(open.weights, near);
    HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, 0));
    HG_ASSERT_OK(hg_session_training_losses(open.session, 0, &behind));
    EXPECT_NEAR(gradient[i], (ahead - behind) / (2 * difference), 1e-8);
  }
}

}  // namespace
}  // namespace hypergrad::testing
