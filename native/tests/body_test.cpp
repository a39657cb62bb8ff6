// Bodies: what is recorded does what the calls themselves do, in either direction, and nothing happens while it is recorded.
#include <cmath>

#include "open_run.h"

namespace hypergrad::testing {
namespace {

TEST(Body, DoesWhatTheCallsDo) {
  TrainingRun run;
  run.complete();
  OpenRun direct(run), recorded(run);
  direct.start();
  recorded.start();
  for (int32_t step = 0; step < run.steps; step++) {
    HG_ASSERT_OK(hg_session_evaluate_gradient(direct.session, step));
    HG_ASSERT_OK(hg_session_advance(direct.session, step));
  }
  hg_handle body = 0;
  HG_ASSERT_OK(hg_body_begin(recorded.session));
  HG_ASSERT_OK(hg_session_evaluate_gradient(recorded.session, HG_BODY_STEP));
  HG_ASSERT_OK(hg_session_advance(recorded.session, HG_BODY_STEP));
  HG_ASSERT_OK(hg_body_end(recorded.session, &body));
  EXPECT_EQ(recorded.read(recorded.weights), run.initial) << "recording does nothing yet";
  HG_ASSERT_OK(hg_body_run(recorded.session, body, 0, 2, 0));
  HG_ASSERT_OK(hg_body_run(recorded.session, body, 2, run.steps, 0));
  EXPECT_EQ(recorded.read(recorded.weights), direct.read(direct.weights));
  EXPECT_EQ(recorded.read(recorded.slots[0]), direct.read(direct.slots[0]));
}

// On a device many steps are launched as graphs of several, and the rest as graphs of one.
TEST(Body, DoesManyStepsAsItDoesFew) {
  TrainingRun run;
  run.steps = 90;
  run.sampling = HG_SHUFFLED;
  run.complete();
  const auto train = [&](const std::vector<int32_t>& ends) {
    OpenRun open(run);
    open.start_exactly();
    hg_handle forward = 0, backward = 0;
    HG_EXPECT_OK(hg_body_begin(open.session));
    HG_EXPECT_OK(hg_session_evaluate_gradient(open.session, HG_BODY_STEP));
    HG_EXPECT_OK(hg_reversible_advance(open.session, open.state, HG_BODY_STEP));
    HG_EXPECT_OK(hg_body_end(open.session, &forward));
    HG_EXPECT_OK(hg_body_begin(open.session));
    HG_EXPECT_OK(hg_reversible_retreat_weights(open.session, open.state, HG_BODY_STEP));
    HG_EXPECT_OK(hg_session_evaluate_gradient(open.session, HG_BODY_STEP));
    HG_EXPECT_OK(hg_reversible_retreat_slots(open.session, open.state, HG_BODY_STEP));
    HG_EXPECT_OK(hg_body_end(open.session, &backward));
    int32_t from = 0, equal = 0;
    for (const int32_t end : ends) {
      HG_EXPECT_OK(hg_body_run(open.session, forward, from, end, 0));
      from = end;
    }
    std::vector<double> result(static_cast<size_t>(run.steps));
    HG_EXPECT_OK(hg_session_training_losses(open.session, 0, result.data()));
    const std::vector<double> weights = open.read(open.weights);
    result.insert(result.end(), weights.begin(), weights.end());
    HG_EXPECT_OK(hg_reversible_begin_retreat(open.session, open.state));
    HG_EXPECT_OK(hg_body_run(open.session, backward, 0, run.steps, 1));
    HG_EXPECT_OK(hg_reversible_equals_start(open.session, open.state, 0, 0, run.weights, run.initial.data(), &equal));
    EXPECT_EQ(equal, 1);
    return result;
  };
  std::vector<int32_t> one_by_one;
  for (int32_t step = 1; step <= run.steps; step++) one_by_one.push_back(step);
  const std::vector<double> expected = train(one_by_one);
  EXPECT_EQ(train({run.steps}), expected);
  EXPECT_EQ(train({7, 40, 41, 80, run.steps}), expected);
}

TEST(Body, GoesBackward) {
  TrainingRun run;
  run.complete();
  OpenRun open(run);
  open.start();
  OpenAdjoint adjoint(open);
  hg_handle body = 0;
  HG_ASSERT_OK(hg_vector_copy(open.session, open.weights, adjoint.weights));
  HG_ASSERT_OK(hg_body_begin(open.session));
  HG_ASSERT_OK(hg_session_pull_back_decays(open.session, HG_BODY_STEP, &adjoint.parts));
  HG_ASSERT_OK(hg_session_pull_back_drifts(open.session, HG_BODY_STEP, &adjoint.parts));
  HG_ASSERT_OK(hg_vector_add(open.session, open.weights, adjoint.slots[0]));
  HG_ASSERT_OK(hg_body_end(open.session, &body));
  HG_ASSERT_OK(hg_body_run(open.session, body, 1, 4, 1));
  double expected = 0;
  for (int32_t step = 3; step >= 1; step--) {
    const size_t entry = static_cast<size_t>(step * run.groups);
    expected = expected * run.momenta[entry] + run.learning_rates[entry] * run.initial[0] + run.initial[0];
  }
  EXPECT_DOUBLE_EQ(open.read(adjoint.slots[0])[0], expected);
}

TEST(Body, ATangentFollowsTheGradientOfItsStep) {
  TrainingRun run;
  run.complete();
  OpenRun open(run);
  open.start();
  const hg_handle u = open.vector(), hu = open.vector();
  hg_handle body = 0;
  const auto refused = [&](int32_t step) {
    expect_refused(hg_session_evaluate_tangent(open.session, step, u, hu, 0), HG_WRONG_ORDER, "comes after its gradient");
  };
  refused(0);
  HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, 0));
  HG_ASSERT_OK(hg_session_evaluate_tangent(open.session, 0, u, hu, 0));
  refused(1);
  HG_ASSERT_OK(hg_body_begin(open.session));
  refused(HG_BODY_STEP);
  HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, HG_BODY_STEP));
  refused(0);
  HG_ASSERT_OK(hg_session_evaluate_tangent(open.session, HG_BODY_STEP, u, hu, 0));
  HG_ASSERT_OK(hg_body_end(open.session, &body));
  refused(0);
  HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, 2));
  HG_ASSERT_OK(hg_body_run(open.session, body, 0, 2, 0));
  refused(2);
}

TEST(Body, RefusesWhatCannotBeRecorded) {
  TrainingRun run;
  run.complete();
  OpenRun open(run);
  std::vector<double> numbers(100);
  hg_handle made = 0;
  HG_ASSERT_OK(hg_body_begin(open.session));
  expect_refused(hg_body_begin(open.session), HG_WRONG_ORDER, "Another body");
  expect_refused(hg_vector_create(open.session, &made), HG_WRONG_ORDER, "Making an object cannot be part of a body");
  expect_refused(hg_vector_read(open.session, open.weights, 0, 0, 1, numbers.data()), HG_WRONG_ORDER, "Reading");
  expect_refused(hg_vector_write(open.session, open.weights, 0, 0, 1, numbers.data()), HG_WRONG_ORDER, "Writing");
  expect_refused(hg_session_training_losses(open.session, 0, numbers.data()), HG_WRONG_ORDER, "Reading");
  expect_refused(hg_body_run(open.session, open.weights, 0, 1, 0), HG_INVALID_HANDLE, "not of a body");
  HG_EXPECT_OK(hg_body_cancel(open.session));
  expect_refused(hg_body_cancel(open.session), HG_WRONG_ORDER, "No body was begun");
  expect_refused(hg_body_end(open.session, &made), HG_WRONG_ORDER, "No body was begun");
  expect_refused(hg_session_advance(open.session, HG_BODY_STEP), HG_WRONG_ORDER, "only inside a body");
}

TEST(Body, RefusesStepsBeyondItsLimits) {
  TrainingRun run;
  run.complete();
  OpenRun open(run);
  hg_handle history = 0, body = 0;
  HG_ASSERT_OK(hg_history_create(open.session, 2, &history));
  HG_ASSERT_OK(hg_body_begin(open.session));
  HG_ASSERT_OK(hg_history_save(open.session, history, HG_BODY_STEP));
  HG_ASSERT_OK(hg_body_end(open.session, &body));
  HG_EXPECT_OK(hg_body_run(open.session, body, 0, 2, 0));
  HG_EXPECT_OK(hg_body_run(open.session, body, 1, 1, 0));
  expect_refused(hg_body_run(open.session, body, 0, 3, 0), HG_INVALID_ARGUMENT, "from 0 to 1");
  expect_refused(hg_body_run(open.session, body, -1, 1, 0), HG_INVALID_ARGUMENT, "in order");
  expect_refused(hg_body_run(open.session, body, 2, 1, 0), HG_INVALID_ARGUMENT, "in order");
  expect_refused(hg_body_run(open.session, body, 0, 1, 2), HG_INVALID_ARGUMENT, "backward is 2");
}

TEST(Body, AWrongOrderOfExactStepsDoesNothing) {
  TrainingRun run;
  run.complete();
  OpenRun open(run);
  open.start_exactly();
  const std::vector<double> start = open.read(open.weights);
  hg_handle body = 0;
  HG_ASSERT_OK(hg_body_begin(open.session));
  HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, HG_BODY_STEP));
  HG_ASSERT_OK(hg_reversible_advance(open.session, open.state, HG_BODY_STEP));
  HG_ASSERT_OK(hg_body_end(open.session, &body));
  expect_refused(hg_body_run(open.session, body, 1, 3, 0), HG_WRONG_ORDER, "the next step is 0");
  expect_refused(hg_body_run(open.session, body, 0, 3, 1), HG_WRONG_ORDER, "the next step is 0");
  EXPECT_EQ(open.read(open.weights), start);
  HG_EXPECT_OK(hg_body_run(open.session, body, 0, run.steps, 0));
}

TEST(Body, DivergenceIsTold) {
  TrainingRun run;
  run.complete();
  for (double& rate : run.learning_rates) rate = 1e308;
  run.lower();
  OpenRun open(run);
  open.start();
  hg_handle body = 0;
  HG_ASSERT_OK(hg_body_begin(open.session));
  HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, HG_BODY_STEP));
  HG_ASSERT_OK(hg_session_advance(open.session, HG_BODY_STEP));
  HG_ASSERT_OK(hg_body_end(open.session, &body));
  expect_refused(and_wait(open.session, hg_body_run(open.session, body, 0, run.steps, 0)), HG_DIVERGED, "is not finite");
}

TEST(Body, WhatIsNotFiniteIsNamed) {
  TrainingRun run;
  run.complete();
  for (double& rate : run.learning_rates) rate = 1e308;
  run.lower();
  const auto diverge = [&](double gradient, int32_t expected_slot, const std::string& words) {
    OpenRun open(run);
    open.start();
    std::vector<double> numbers(static_cast<size_t>(run.weights));
    numbers.back() = gradient;
    open.write(open.gradient, numbers);
    expect_refused(and_wait(open.session, hg_session_advance(open.session, 1)), HG_DIVERGED, words);
    int32_t step = 0, parameter = 0, slot = 0, fault = 0;
    HG_EXPECT_OK(hg_session_fault(open.session, &step, &parameter, &slot, &fault));
    const int32_t last = static_cast<int32_t>(run.program.parameters.size()) - 1;
    EXPECT_EQ(step, 1);
    EXPECT_EQ(parameter, last);
    EXPECT_EQ(slot, expected_slot);
    EXPECT_EQ(fault, HG_FLOAT_FAULT);
  };
  diverge(NAN, 0, "a gradient or velocity is not finite");
  diverge(INFINITY, 0, "a gradient or velocity is not finite");
  diverge(1e10, -1, "a gradient or weight is not finite");
}

}  // namespace
}  // namespace hypergrad::testing
