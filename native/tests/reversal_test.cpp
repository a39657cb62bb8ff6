// The exact state against the scalar specification, bit for bit with every spilled plane; and the way back from a long run.
#include <algorithm>
#include <memory>

#include "arithmetic/reversible_weight.h"
#include "arithmetic/spill_schedule.h"
#include "arithmetic/state_hash.h"
#include "run.h"

namespace hypergrad::testing {
namespace {

double noise(int32_t step, int32_t weight) { return static_cast<double>(hash_mix(step, weight) >> 11) * 0x1p-53 - 0.5; }

std::vector<double> noisy_gradient(const TrainingRun& run, int32_t step) {
  std::vector<double> gradient;
  for (int32_t weight = 0; weight < run.weights; weight++) gradient.push_back(noise(step, weight));
  return gradient;
}

// What the planes and stores of every weight must be, by the scalar rules.
struct Specification {
  explicit Specification(const TrainingRun& given) : run(given), weights(run.initial.size()), planes(run.initial.size()) {
    std::vector<int32_t> numerators;
    for (double momentum : run.momenta) numerators.push_back(nearest_ratio(momentum).numerator);
    schedule = std::make_unique<SpillSchedule>(numerators, run.groups);
    for (size_t i = 0; i < weights.size(); i++) weights[i] = {fixed_from_double(run.initial[i]), 0, 0};
  }

  void advance(int32_t step) {
    for (size_t i = 0; i < weights.size(); i++) {
      const size_t entry = static_cast<size_t>(step) * run.groups + run.group_of(static_cast<int32_t>(i));
      weights[i].decay(nearest_ratio(run.momenta[entry]));
      for (int spill = 0; spill < schedule->bytes[entry]; spill++) planes[i].push_back(weights[i].spill());
      weights[i].kick(nearest_ratio(run.momenta[entry]), noise(step, static_cast<int32_t>(i)));
      weights[i].drift(run.learning_rates[entry]);
    }
  }

  const TrainingRun& run;
  std::vector<ReversibleWeight> weights;
  std::vector<std::vector<uint8_t>> planes;
  std::unique_ptr<SpillSchedule> schedule;
};

class ExactSharing : public ::testing::TestWithParam<Sharing> {};

TEST_P(ExactSharing, EqualsTheSpecificationToTheBit) {
  TrainingRun run;
  run.layers = {5, 7, 3};
  run.sharing = GetParam();
  run.steps = 300;
  run.complete(9);
  for (size_t i = 0; i < run.momenta.size(); i += 7) run.momenta[i] = 1.0 / 65536;  // spills two bytes at once
  OpenRun open(run);
  open.start_exactly();
  Specification expected(run);
  for (int32_t step = 0; step < run.steps; step++) {
    open.write(open.gradient, noisy_gradient(run, step));
    HG_ASSERT_OK(hg_reversible_advance(open.session, open.state, step));
    expected.advance(step);
  }
  std::vector<int64_t> x(run.initial.size()), v(x.size());
  std::vector<uint16_t> s(x.size());
  HG_ASSERT_OK(hg_reversible_read_positions(open.session, open.state, 0, 0, run.weights, x.data()));
  HG_ASSERT_OK(hg_reversible_read_velocities(open.session, open.state, 0, 0, run.weights, v.data()));
  HG_ASSERT_OK(hg_reversible_read_digits(open.session, open.state, 0, 0, run.weights, s.data()));
  uint64_t hash = 0, expected_hash = 0;
  HG_ASSERT_OK(hg_reversible_hash_positions(open.session, open.state, &hash));
  const std::vector<double> real = open.read(open.weights);
  for (size_t i = 0; i < x.size(); i++) {
    ASSERT_EQ(x[i], expected.weights[i].position) << i;
    ASSERT_EQ(v[i], expected.weights[i].velocity) << i;
    ASSERT_EQ(s[i], expected.weights[i].digits) << i;
    ASSERT_EQ(real[i], static_cast<double>(x[i]) / 4503599627370496.0);
    expected_hash += hash_mix(x[i], static_cast<int64_t>(i));
  }
  EXPECT_EQ(hash, expected_hash);

  int64_t total = 0, all = 0;
  for (int32_t group = 0; group < run.groups; group++) {
    std::vector<size_t> members;
    for (size_t i = 0; i < x.size(); i++)
      if (run.group_of(static_cast<int32_t>(i)) == group) members.push_back(i);
    int64_t bytes = 0;
    HG_ASSERT_OK(hg_reversible_plane_bytes(open.session, open.state, group, &bytes));
    ASSERT_EQ(bytes, static_cast<int64_t>(members.size() * expected.planes[members[0]].size()));
    std::vector<uint8_t> planes(static_cast<size_t>(bytes));
    HG_ASSERT_OK(hg_reversible_read_planes(open.session, open.state, 0, group, 0, bytes, planes.data()));
    for (size_t plane = 0; plane < expected.planes[members[0]].size(); plane++)
      for (size_t place = 0; place < members.size(); place++)
        ASSERT_EQ(planes[plane * members.size() + place], expected.planes[members[place]][plane])
            << "group " << group << ", plane " << plane;
    total += bytes;
  }
  HG_ASSERT_OK(hg_reversible_spilled_bytes(open.session, open.state, &all));
  EXPECT_EQ(all, total);
  EXPECT_GT(all, 0);

  HG_ASSERT_OK(hg_reversible_begin_retreat(open.session, open.state));
  for (int32_t step = run.steps - 1; step >= 0; step--) {
    open.write(open.gradient, noisy_gradient(run, step));
    HG_ASSERT_OK(hg_reversible_retreat(open.session, open.state, step));
  }
  int32_t equal = 0;
  HG_ASSERT_OK(hg_reversible_equals_start(open.session, open.state, 0, 0, run.weights, run.initial.data(), &equal));
  EXPECT_EQ(equal, 1);
}

INSTANTIATE_TEST_SUITE_P(Native, ExactSharing, ::testing::Values(Sharing::all, Sharing::tensor, Sharing::unit, Sharing::weight));

TEST(ExactState, ComesBackFromAHundredThousandStepsToTheBit) {
  const int32_t steps = is_simulated() ? 100 : 100000;
  TrainingRun run;
  run.layers = {2, 3, 2};
  run.precision = HG_SINGLE;
  run.steps = steps;
  run.sampling = HG_WITH_REPLACEMENT;
  run.batch_size = 2;
  run.replicas = 2;
  run.complete(11);
  for (double& rate : run.learning_rates) rate = 0.05;
  OpenRun open(run);
  open.start_exactly();
  hg_handle forward = 0, backward = 0;
  HG_ASSERT_OK(hg_body_begin(open.session));
  HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, HG_BODY_STEP));
  HG_ASSERT_OK(hg_reversible_advance(open.session, open.state, HG_BODY_STEP));
  HG_ASSERT_OK(hg_body_end(open.session, &forward));
  HG_ASSERT_OK(hg_body_begin(open.session));
  HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, HG_BODY_STEP));
  HG_ASSERT_OK(hg_reversible_retreat(open.session, open.state, HG_BODY_STEP));
  HG_ASSERT_OK(hg_body_end(open.session, &backward));
  HG_ASSERT_OK(hg_body_run(open.session, forward, 0, steps / 2, 0));
  std::vector<uint64_t> there(2), back(2);
  HG_ASSERT_OK(hg_reversible_hash_velocities(open.session, open.state, there.data()));
  EXPECT_NE(there[0], there[1]) << "the replicas see minibatches of their own";
  HG_ASSERT_OK(hg_body_run(open.session, forward, steps / 2, steps, 0));
  HG_ASSERT_OK(hg_reversible_begin_retreat(open.session, open.state));
  HG_ASSERT_OK(hg_body_run(open.session, backward, steps / 2, steps, 1));
  HG_ASSERT_OK(hg_reversible_hash_velocities(open.session, open.state, back.data()));
  EXPECT_EQ(there, back);
  HG_ASSERT_OK(hg_body_run(open.session, backward, 0, steps / 2, 1));
  for (int32_t replica = 0; replica < 2; replica++) {
    int32_t equal = 0;
    HG_ASSERT_OK(hg_reversible_equals_start(open.session, open.state, replica, 0, run.weights, run.initial.data(), &equal));
    EXPECT_EQ(equal, 1);
  }
}

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

TEST(ExactState, DivergenceNamesStepAndTensor) {
  TrainingRun run;
  run.complete();
  for (double& rate : run.learning_rates) rate = 1e9;
  OpenRun open(run);
  open.start_exactly();
  std::vector<double> gradient(run.initial.size());
  gradient[static_cast<size_t>(run.weights) - 1] = 1;
  open.write(open.gradient, gradient);
  expect_refused(and_wait(open.session, hg_reversible_advance(open.session, open.state, 0)), HG_DIVERGED,
                 "Training diverged at step 0 in b2: a weight left");
  int32_t step = -1, tensor = -1, fault = -1;
  HG_EXPECT_OK(hg_session_fault(open.session, &step, &tensor, &fault));
  EXPECT_EQ(std::make_tuple(step, tensor, fault), std::make_tuple(0, 3, static_cast<int32_t>(HG_POSITION_FAULT)));
  expect_refused(hg_reversible_advance(open.session, open.state, 1), HG_WRONG_ORDER, "start the exact state first");
}

}  // namespace
}  // namespace hypergrad::testing
