// Saved states and line paths.
#include "open_run.h"

namespace hypergrad::testing {
namespace {

TEST(History, GivesBackWhatWasSaved) {
  TrainingRun run;
  run.complete();
  OpenRun open(run);
  hg_handle history = 0;
  HG_ASSERT_OK(hg_history_create(open.session, 3, &history));
  const std::vector<double> ones(run.initial.size(), 1), twos(run.initial.size(), 2);
  open.write(open.weights, ones);
  open.write(open.slots[0], twos);
  HG_ASSERT_OK(hg_history_save(open.session, history, 2));
  open.write(open.weights, twos);
  open.write(open.slots[0], ones);
  HG_ASSERT_OK(hg_history_load_slots(open.session, history, 2));
  EXPECT_EQ(open.read(open.slots[0]), twos);
  EXPECT_EQ(open.read(open.weights), twos) << "only the slots were asked for";
  HG_ASSERT_OK(hg_history_load_weights(open.session, history, 2));
  EXPECT_EQ(open.read(open.weights), ones);
  expect_refused(hg_history_save(open.session, history, 3), HG_INVALID_ARGUMENT, "from 0 to 2");
}

TEST(LinePath, GoesThroughItsKnots) {
  TrainingRun run;
  run.steps = 4;
  run.complete();
  for (double& rate : run.learning_rates) rate = 0.5;
  run.lower();
  OpenRun open(run);
  const std::vector<int32_t> knots{0, 3, 4};
  hg_handle path = 0;
  HG_ASSERT_OK(hg_line_path_create(open.session, 3, knots.data(), &path));
  expect_refused(hg_line_path_recall_weights(open.session, path, 0), HG_WRONG_ORDER, "Knot 0 of the line is not saved");
  const double at_knots[] = {0, 3, 10};
  for (int32_t knot = 0; knot < 3; knot++) {
    open.write(open.weights, std::vector<double>(run.initial.size(), at_knots[knot]));
    HG_ASSERT_OK(hg_line_path_save_knot(open.session, path, knot));
  }
  const double weights[] = {0, 1, 2, 3}, velocities[] = {0, 2, 2, 2};
  for (int32_t step = 0; step < 4; step++) {
    HG_ASSERT_OK(hg_line_path_recall_weights(open.session, path, step));
    HG_ASSERT_OK(hg_line_path_recall_velocity(open.session, path, step));
    EXPECT_DOUBLE_EQ(open.read(open.weights)[5], weights[step]);
    EXPECT_DOUBLE_EQ(open.read(open.slots[0])[5], velocities[step]);
  }
  HG_ASSERT_OK(hg_line_path_recall_last_velocity(open.session, path));
  EXPECT_DOUBLE_EQ(open.read(open.slots[0])[5], 14);
}

TEST(LinePath, RefusesKnotsThatAreNoLine) {
  TrainingRun run;
  run.complete();
  hg_handle path = 0;
  const auto refused = [&](const std::vector<int32_t>& knots, const std::string& words) {
    OpenRun open(run);
    expect_refused(hg_line_path_create(open.session, static_cast<int32_t>(knots.size()), knots.data(), &path), HG_INVALID_ARGUMENT, words);
  };
  refused({0}, "from 2 to 7");
  refused({0, 1, 2, 3, 4, 5, 6, 7}, "from 2 to 7");
  refused({0, 3, 3, 6}, "must ascend");
  refused({1, 6}, "from 0 to 6");
  refused({0, 5}, "from 0 to 6");
  run.learning_rates[1] = 0;
  run.lower();
  refused({0, 6}, "The learning rate of step 0, group 1 is 0");
  TrainingRun adam;
  adam.optimizer = OptimizerKind::adamw;
  adam.complete();
  OpenRun open(adam);
  const std::vector<int32_t> knots{0, 6};
  expect_refused(hg_line_path_create(open.session, 2, knots.data(), &path), HG_INVALID_ARGUMENT, "this one has 2 slots and 1 drifts");
}

}  // namespace
}  // namespace hypergrad::testing
