// The exact state compared with its start and with landmarks: hashes of it on the way out.
#include "open_run.h"

namespace hypergrad::testing {
namespace {

TEST(ExactState, ADifferenceFromTheStartIsSeen) {
  TrainingRun run;
  run.complete();
  OpenRun open(run);
  open.start_exactly();
  std::vector<double> other = run.initial;
  other[3] += 1e-12;
  int32_t equal = 1;
  HG_ASSERT_OK(hg_reversible_equals_start(open.session, open.state, 0, 0, run.weights, other.data(), &equal));
  EXPECT_EQ(equal, 0);
}

TEST(ExactState, ADifferenceInASlotOrAStoreIsSeen) {
  TrainingRun run;
  run.complete();
  OpenRun open(run);
  open.start_exactly();
  int32_t equal = 1;
  open.write(open.gradient, std::vector<double>(run.initial.size()));
  HG_ASSERT_OK(hg_reversible_advance(open.session, open.state, 0));  // no gradient: nothing has moved
  HG_ASSERT_OK(hg_reversible_equals_start(open.session, open.state, 0, 0, run.weights, run.initial.data(), &equal));
  EXPECT_EQ(equal, 1);
  std::vector<double> gradient(run.initial.size());
  gradient[2] = 0x1p-45;  // moves its velocity, and its weight by less than it holds
  open.write(open.gradient, gradient);
  HG_ASSERT_OK(hg_reversible_advance(open.session, open.state, 1));
  std::vector<int64_t> velocity(run.initial.size());
  HG_ASSERT_OK(hg_reversible_read_numbers(open.session, open.state, 0, 0, 0, run.weights, velocity.data()));
  EXPECT_NE(velocity[2], 0);
  std::vector<double> start = run.initial;
  std::vector<int64_t> positions(run.initial.size());
  HG_ASSERT_OK(hg_reversible_read_numbers(open.session, open.state, -1, 0, 0, run.weights, positions.data()));
  for (size_t i = 0; i < start.size(); i++) start[i] = static_cast<double>(positions[i]) * 0x1p-52;
  HG_ASSERT_OK(hg_reversible_equals_start(open.session, open.state, 0, 0, run.weights, start.data(), &equal));
  EXPECT_EQ(equal, 0) << "the weights are those, and the velocity is not 0";
  HG_ASSERT_OK(hg_reversible_equals_start(open.session, open.state, 0, 3, run.weights - 3, start.data() + 3, &equal));
  EXPECT_EQ(equal, 1) << "a piece without that weight";
}

// More weights than a piece of the comparison and of the hash has.
TEST(ExactState, ADifferenceIsSeenInEveryPiece) {
  TrainingRun run;
  run.layers = {200, 100, 2};
  run.examples = 2;
  run.batch_examples = {0, 1};
  run.offsets = {0, 1, 2};
  run.steps = 2;
  run.replicas = 2;
  run.complete();
  OpenRun open(run);
  open.start_exactly();
  for (const size_t place : {size_t{0}, size_t{16383}, size_t{16384}, static_cast<size_t>(run.weights) - 1}) {
    std::vector<double> other = run.initial;
    int32_t equal = 0;
    HG_ASSERT_OK(hg_reversible_equals_start(open.session, open.state, 1, 0, run.weights, other.data(), &equal));
    EXPECT_EQ(equal, 1);
    other[place] += 1e-12;
    HG_ASSERT_OK(hg_reversible_equals_start(open.session, open.state, 1, 0, run.weights, other.data(), &equal));
    EXPECT_EQ(equal, 0) << place;
  }
}

TEST(ExactState, LandmarksAreMetWhereTheStateIsTheSame) {
  TrainingRun run;
  run.replicas = 2;
  run.sampling = HG_SHUFFLED;
  run.complete();
  OpenRun open(run);
  open.start_exactly();
  int32_t unmet = 7;
  HG_ASSERT_OK(hg_reversible_unmet_landmark(open.session, open.state, &unmet));
  EXPECT_EQ(unmet, -1) << "none was compared";
  expect_refused(hg_reversible_set_landmark(open.session, open.state, 0), HG_INVALID_ARGUMENT, "There is room for 0 landmarks");
  expect_refused(hg_reversible_reserve_landmarks(open.session, open.state, 0), HG_INVALID_ARGUMENT, "at least 1");
  HG_ASSERT_OK(hg_reversible_reserve_landmarks(open.session, open.state, 3));
  expect_refused(hg_reversible_set_landmark(open.session, open.state, 3), HG_INVALID_ARGUMENT, "landmark 3 was asked for");
  expect_refused(hg_reversible_meet_landmark(open.session, open.state, 2), HG_WRONG_ORDER, "Landmark 2 was not set");
  HG_ASSERT_OK(hg_body_begin(open.session));
  expect_refused(hg_reversible_set_landmark(open.session, open.state, 0), HG_WRONG_ORDER, "cannot be part of a body");
  HG_ASSERT_OK(hg_body_cancel(open.session));

  HG_ASSERT_OK(hg_reversible_set_landmark(open.session, open.state, 0));
  for (int32_t step = 0; step < run.steps; step++) {
    HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, step));
    HG_ASSERT_OK(hg_reversible_advance(open.session, open.state, step));
    if (step == 2) {
      HG_ASSERT_OK(hg_reversible_set_landmark(open.session, open.state, 1));
    }
  }
  HG_ASSERT_OK(hg_reversible_set_landmark(open.session, open.state, 2));
  HG_ASSERT_OK(hg_reversible_begin_retreat(open.session, open.state));
  HG_ASSERT_OK(hg_reversible_meet_landmark(open.session, open.state, 2));
  for (int32_t step = run.steps - 1; step >= 0; step--) {
    HG_ASSERT_OK(hg_reversible_retreat_weights(open.session, open.state, step));
    HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, step));
    HG_ASSERT_OK(hg_reversible_retreat_slots(open.session, open.state, step));
    if (step == 3) {
      HG_ASSERT_OK(hg_reversible_meet_landmark(open.session, open.state, 1));
    }
  }
  HG_ASSERT_OK(hg_reversible_meet_landmark(open.session, open.state, 0));
  HG_ASSERT_OK(hg_reversible_unmet_landmark(open.session, open.state, &unmet));
  EXPECT_EQ(unmet, -1);
  // The start is neither of the others; the first that was not met is told.
  HG_ASSERT_OK(hg_reversible_meet_landmark(open.session, open.state, 1));
  HG_ASSERT_OK(hg_reversible_meet_landmark(open.session, open.state, 2));
  HG_ASSERT_OK(hg_reversible_meet_landmark(open.session, open.state, 0));
  HG_ASSERT_OK(hg_reversible_unmet_landmark(open.session, open.state, &unmet));
  EXPECT_EQ(unmet, 1);
  HG_ASSERT_OK(hg_reversible_reserve_landmarks(open.session, open.state, 1));
  HG_ASSERT_OK(hg_reversible_unmet_landmark(open.session, open.state, &unmet));
  EXPECT_EQ(unmet, -1);
  expect_refused(hg_reversible_meet_landmark(open.session, open.state, 0), HG_WRONG_ORDER, "was not set");
}

// One replica's state suffices.
TEST(ExactState, ALandmarkIsOfAllReplicas) {
  TrainingRun run;
  run.replicas = 3;
  run.complete();
  OpenRun open(run);
  open.start_exactly();
  HG_ASSERT_OK(hg_reversible_reserve_landmarks(open.session, open.state, 1));
  HG_ASSERT_OK(hg_reversible_set_landmark(open.session, open.state, 0));
  std::vector<double> gradient(run.initial.size());
  open.write(open.gradient, gradient, 0);
  open.write(open.gradient, gradient, 1);
  gradient[4] = 0.5;
  open.write(open.gradient, gradient, 2);
  HG_ASSERT_OK(hg_reversible_advance(open.session, open.state, 0));
  HG_ASSERT_OK(hg_reversible_meet_landmark(open.session, open.state, 0));
  int32_t unmet = -1;
  HG_ASSERT_OK(hg_reversible_unmet_landmark(open.session, open.state, &unmet));
  EXPECT_EQ(unmet, 0);
}

}  // namespace
}  // namespace hypergrad::testing
