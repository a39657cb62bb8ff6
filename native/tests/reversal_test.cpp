// The exact state against the scalar specification, bit for bit with every spilled plane; and the way back from a long run.
#include <algorithm>
#include <map>
#include <memory>

#include "arithmetic/spill_schedule.h"
#include "arithmetic/state_hash.h"
#include "open_run.h"
#include "updates/drift.h"
#include "updates/kick.h"

namespace hypergrad::testing {
namespace {

__extension__ typedef __int128 Wide;

double noise(int32_t step, int32_t weight) { return static_cast<double>(hash_mix(step, weight) >> 11) * 0x1p-53 - 0.5; }

std::vector<double> noisy_gradient(const TrainingRun& run, int32_t step) {
  std::vector<double> gradient;
  for (int32_t weight = 0; weight < run.weights; weight++) gradient.push_back(noise(step, weight));
  return gradient;
}

// Every number of a weight's state in wide integers, by the scalar rules: by target, −1 for the weight itself; and by decay of the list its
// store and its spilled bytes.
struct SpecifiedWeight {
  std::map<int32_t, Wide> numbers;
  std::map<int32_t, uint64_t> stores;
  std::map<int32_t, std::vector<uint8_t>> planes;
};

struct Specification {
  explicit Specification(const TrainingRun& given) : run(given), weights(run.initial.size()) {
    for (size_t i = 0; i < weights.size(); i++) weights[i].numbers[-1] = fixed_from_double(run.initial[i]);
    for (const CoefficientNumbers& c : run.coefficients) {
      ratios.emplace_back();
      for (size_t i = 0; i < c.numerators.size(); i++) ratios.back().push_back({c.numerators[i], c.denominators[i]});
      schedules.emplace_back(ratios.back().empty() ? nullptr : std::make_unique<SpillSchedule>(ratios.back(), run.groups));
    }
  }

  static double value(const TrainingRun& run, const SpecifiedWeight& w, int32_t slot) {
    const Wide number = w.numbers.at(slot);
    if (run.slots[static_cast<size_t>(slot)].is_second_moment == 0) return static_cast<double>(static_cast<int64_t>(number)) * 0x1p-52;
    return static_cast<double>(static_cast<int64_t>(number >> 64)) * 0x1p-32 + static_cast<double>(static_cast<uint64_t>(number)) * 0x1p-96;
  }

  void advance(int32_t step) {
    for (size_t i = 0; i < weights.size(); i++) {
      SpecifiedWeight& w = weights[i];
      const size_t entry = static_cast<size_t>(step) * run.groups + run.group_of(static_cast<int32_t>(i));
      const auto of = [&](int32_t coefficient) { return run.coefficients[static_cast<size_t>(coefficient)].values[entry]; };
      const double g = noise(step, static_cast<int32_t>(i));
      int32_t decay_number = 0;
      for (const hg_update& update : run.updates) {
        if (update.kind == HG_DECAY) {
          Wide& x = w.numbers[update.target];
          uint64_t& s = w.stores[decay_number];
          const Wide n = ratios[static_cast<size_t>(update.coefficient)][entry].numerator,
                     d = ratios[static_cast<size_t>(update.coefficient)][entry].denominator;
          const Wide quotient = x >= 0 ? x / d : -((-x + d - 1) / d), pushed = static_cast<Wide>(s) * d + (x - quotient * d);
          x = quotient * n + pushed % n;
          s = static_cast<uint64_t>(pushed / n);
          for (int spilled = 0; spilled < schedules[static_cast<size_t>(update.coefficient)]->bytes[entry]; spilled++, s >>= 8)
            w.planes[decay_number].push_back(static_cast<uint8_t>(s));
          decay_number++;
        } else if (update.kind == HG_KICK) {
          w.numbers[update.target] += update.function == HG_SQUARE
                                          ? static_cast<Wide>(std::nearbyint(of(update.coefficient) * (g * g) * 0x1p96))
                                          : static_cast<Wide>(std::trunc(of(update.coefficient) * g * 0x1p52));
        } else if (update.direction == HG_SLOT_DIRECTION) {
          w.numbers[-1] += static_cast<Wide>(std::trunc(of(update.coefficient) * value(run, w, update.slot) * 0x1p52));
        } else {
          const double first = value(run, w, update.slot) / of(update.correction);
          const double root = std::sqrt(value(run, w, update.second_slot) / of(update.second_correction));
          w.numbers[-1] += static_cast<Wide>(std::trunc(of(update.coefficient) * (first / (root + of(update.epsilon))) * 0x1p52));
        }
      }
    }
  }

  const TrainingRun& run;
  std::vector<SpecifiedWeight> weights;
  std::vector<std::vector<DecayRatio>> ratios;
  std::vector<std::unique_ptr<SpillSchedule>> schedules;
};

// All arrays of the library's state equal the specification, and its hash is theirs.
void expect_specified(const OpenRun& open, const Specification& expected) {
  const TrainingRun& run = open.run;
  std::vector<std::vector<int64_t>> arrays;
  for (int32_t slot = -1; slot < static_cast<int32_t>(run.slots.size()); slot++) {
    std::vector<int64_t> numbers(run.initial.size());
    HG_ASSERT_OK(hg_reversible_read_numbers(open.session, open.state, slot, 0, 0, run.weights, numbers.data()));
    arrays.push_back(numbers);
    const bool is_second_moment = slot >= 0 && run.slots[static_cast<size_t>(slot)].is_second_moment != 0;
    std::vector<uint64_t> lower(numbers.size());
    if (is_second_moment) {
      HG_ASSERT_OK(hg_reversible_read_lower_words(open.session, open.state, slot, 0, 0, run.weights, lower.data()));
      arrays.emplace_back(lower.begin(), lower.end());
    }
    for (size_t i = 0; i < numbers.size(); i++) {
      const Wide number = expected.weights[i].numbers.at(slot);
      ASSERT_EQ(numbers[i], static_cast<int64_t>(is_second_moment ? number >> 64 : number)) << "slot " << slot << ", weight " << i;
      if (is_second_moment) {
        ASSERT_EQ(lower[i], static_cast<uint64_t>(number)) << "weight " << i;
      }
    }
  }
  const int32_t decays = static_cast<int32_t>(expected.weights[0].stores.size());
  for (int32_t decay = 0; decay < decays; decay++) {
    std::vector<uint32_t> stores(run.initial.size());
    HG_ASSERT_OK(hg_reversible_read_stores(open.session, open.state, decay, 0, 0, run.weights, stores.data()));
    for (size_t i = 0; i < stores.size(); i++) ASSERT_EQ(stores[i], expected.weights[i].stores.at(decay)) << decay << ", weight " << i;
    arrays.emplace_back(stores.begin(), stores.end());
  }
  uint64_t hash = 0, expected_hash = 0;
  HG_ASSERT_OK(hg_reversible_hash(open.session, open.state, &hash));
  for (size_t k = 0; k < arrays.size(); k++)
    for (size_t i = 0; i < arrays[k].size(); i++) expected_hash += (2 * k + 1) * hash_mix(arrays[k][i], static_cast<int64_t>(i));
  EXPECT_EQ(hash, expected_hash);
}

void expect_specified_planes(const OpenRun& open, const Specification& expected) {
  const TrainingRun& run = open.run;
  int64_t total = 0, all = 0;
  for (const auto& [decay, unused] : expected.weights[0].stores)
    for (int32_t group = 0; group < run.groups; group++) {
      std::vector<const std::vector<uint8_t>*> members;
      static const std::vector<uint8_t> none;
      for (size_t i = 0; i < expected.weights.size(); i++)
        if (run.group_of(static_cast<int32_t>(i)) == group) {
          const auto found = expected.weights[i].planes.find(decay);
          members.push_back(found != expected.weights[i].planes.end() ? &found->second : &none);
        }
      int64_t bytes = 0;
      HG_ASSERT_OK(hg_reversible_plane_bytes(open.session, open.state, decay, group, &bytes));
      ASSERT_EQ(bytes, static_cast<int64_t>(members.size() * members[0]->size()));
      std::vector<uint8_t> planes(static_cast<size_t>(bytes) + 1);
      HG_ASSERT_OK(hg_reversible_read_planes(open.session, open.state, decay, 0, group, 0, bytes, planes.data()));
      for (size_t plane = 0; plane < members[0]->size(); plane++)
        for (size_t place = 0; place < members.size(); place++)
          ASSERT_EQ(planes[plane * members.size() + place], (*members[place])[plane]) << "decay " << decay << ", group " << group;
      total += bytes;
    }
  HG_ASSERT_OK(hg_reversible_spilled_bytes(open.session, open.state, &all));
  EXPECT_EQ(all, total);
  EXPECT_GT(all, 0);
}

class ExactList : public ::testing::TestWithParam<std::tuple<OptimizerKind, Sharing>> {};

TEST_P(ExactList, EqualsTheSpecificationToTheBit) {
  TrainingRun run;
  std::tie(run.optimizer, run.sharing) = GetParam();
  run.layers = {5, 7, 3};
  run.steps = 300;
  run.complete(9);
  for (size_t i = 0; i < run.momenta.size(); i += 7) run.momenta[i] = 1.0 / 65536;  // spills two bytes at once
  run.lower();
  OpenRun open(run);
  open.start_exactly();
  Specification expected(run);
  for (int32_t step = 0; step < run.steps; step++) {
    open.write(open.gradient, noisy_gradient(run, step));
    HG_ASSERT_OK(hg_reversible_advance(open.session, open.state, step));
    expected.advance(step);
  }
  expect_specified(open, expected);
  expect_specified_planes(open, expected);
  const std::vector<double> real = open.read(open.weights);
  for (size_t i = 0; i < real.size(); i++)
    ASSERT_EQ(real[i], static_cast<double>(static_cast<int64_t>(expected.weights[i].numbers.at(-1))) / 4503599627370496.0);

  HG_ASSERT_OK(hg_reversible_begin_retreat(open.session, open.state));
  for (size_t slot = 0; slot < run.slots.size(); slot++) {
    const std::vector<double> numbers = open.read(open.slots[slot]);
    for (size_t i = 0; i < numbers.size(); i++)
      ASSERT_EQ(numbers[i], Specification::value(run, expected.weights[i], static_cast<int32_t>(slot)));
  }
  for (int32_t step = run.steps - 1; step >= 0; step--) {
    open.write(open.gradient, noisy_gradient(run, step));
    HG_ASSERT_OK(hg_reversible_retreat_weights(open.session, open.state, step));
    HG_ASSERT_OK(hg_reversible_retreat_slots(open.session, open.state, step));
  }
  int32_t equal = 0;
  HG_ASSERT_OK(hg_reversible_equals_start(open.session, open.state, 0, 0, run.weights, run.initial.data(), &equal));
  EXPECT_EQ(equal, 1);
}

INSTANTIATE_TEST_SUITE_P(Native, ExactList,
                         ::testing::Combine(::testing::Values(OptimizerKind::momentum, OptimizerKind::adamw),
                                            ::testing::Values(Sharing::all, Sharing::tensor, Sharing::unit, Sharing::weight)));

class LongRun : public ::testing::TestWithParam<OptimizerKind> {};

TEST_P(LongRun, ComesBackToTheBit) {
  const int32_t steps = is_simulated() ? 100 : 100000;
  TrainingRun run;
  run.optimizer = GetParam();
  run.layers = {2, 3, 2};
  run.precision = HG_SINGLE;
  run.steps = steps;
  run.sampling = HG_WITH_REPLACEMENT;
  run.batch_size = 2;
  run.replicas = 2;
  run.complete(11);
  for (double& rate : run.learning_rates) rate = run.optimizer == OptimizerKind::adamw ? 0.003 : 0.05;
  run.lower();
  OpenRun open(run);
  open.start_exactly();
  hg_handle forward = 0, backward = 0;
  HG_ASSERT_OK(hg_body_begin(open.session));
  HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, HG_BODY_STEP));
  HG_ASSERT_OK(hg_reversible_advance(open.session, open.state, HG_BODY_STEP));
  HG_ASSERT_OK(hg_body_end(open.session, &forward));
  HG_ASSERT_OK(hg_body_begin(open.session));
  HG_ASSERT_OK(hg_reversible_retreat_weights(open.session, open.state, HG_BODY_STEP));
  HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, HG_BODY_STEP));
  HG_ASSERT_OK(hg_reversible_retreat_slots(open.session, open.state, HG_BODY_STEP));
  HG_ASSERT_OK(hg_body_end(open.session, &backward));
  HG_ASSERT_OK(hg_body_run(open.session, forward, 0, steps / 2, 0));
  std::vector<uint64_t> there(2), back(2);
  HG_ASSERT_OK(hg_reversible_hash(open.session, open.state, there.data()));
  EXPECT_NE(there[0], there[1]) << "the replicas see minibatches of their own";
  HG_ASSERT_OK(hg_body_run(open.session, forward, steps / 2, steps, 0));
  HG_ASSERT_OK(hg_reversible_begin_retreat(open.session, open.state));
  HG_ASSERT_OK(hg_body_run(open.session, backward, steps / 2, steps, 1));
  HG_ASSERT_OK(hg_reversible_hash(open.session, open.state, back.data()));
  EXPECT_EQ(there, back);
  HG_ASSERT_OK(hg_body_run(open.session, backward, 0, steps / 2, 1));
  for (int32_t replica = 0; replica < 2; replica++) {
    int32_t equal = 0;
    HG_ASSERT_OK(hg_reversible_equals_start(open.session, open.state, replica, 0, run.weights, run.initial.data(), &equal));
    EXPECT_EQ(equal, 1);
  }
  // What is stored beside the resident words: little more than what the decays throw away.
  double bits = 0;
  for (const CoefficientNumbers& c : run.coefficients)
    for (size_t i = 0; i < c.numerators.size(); i++) {
      int32_t members = 0;
      for (int32_t weight = 0; weight < run.weights; weight++) members += run.group_of(weight) == static_cast<int32_t>(i) % run.groups;
      bits += members * std::log2(c.denominators[i] / static_cast<double>(c.numerators[i]));
    }
  int64_t spilled = 0, resident = 0;
  HG_ASSERT_OK(hg_reversible_spilled_bytes(open.session, open.state, &spilled));
  HG_ASSERT_OK(hg_reversible_resident_bytes(open.session, open.state, &resident));
  EXPECT_LE(8 * static_cast<double>(spilled), 1.1 * bits);
  EXPECT_EQ(resident, run.weights * (run.optimizer == OptimizerKind::adamw ? 4 + 2 + 4 : 2));
}

INSTANTIATE_TEST_SUITE_P(Native, LongRun, ::testing::Values(OptimizerKind::momentum, OptimizerKind::adamw));

TEST(ExactState, ADecayThatDecaysNothingHasNoStore) {
  TrainingRun run;
  run.optimizer = OptimizerKind::adamw;
  run.complete();
  std::fill(run.weight_decays.begin(), run.weight_decays.end(), 0.0);
  run.lower();
  OpenRun open(run);
  open.start_exactly();
  for (int32_t step = 0; step < run.steps; step++) {
    open.write(open.gradient, noisy_gradient(run, step));
    HG_ASSERT_OK(hg_reversible_advance(open.session, open.state, step));
  }
  int64_t resident = 0, bytes = -1;
  HG_ASSERT_OK(hg_reversible_resident_bytes(open.session, open.state, &resident));
  EXPECT_EQ(resident, run.weights * (2 + 4));
  HG_ASSERT_OK(hg_reversible_plane_bytes(open.session, open.state, 0, 0, &bytes));
  EXPECT_EQ(bytes, 0);
  std::vector<uint32_t> stores(run.initial.size(), 7);
  HG_ASSERT_OK(hg_reversible_read_stores(open.session, open.state, 0, 0, 0, run.weights, stores.data()));
  EXPECT_EQ(stores, std::vector<uint32_t>(run.initial.size()));
  HG_ASSERT_OK(hg_reversible_read_stores(open.session, open.state, 2, 0, 0, run.weights, stores.data()));
  EXPECT_NE(stores, std::vector<uint32_t>(run.initial.size()));
}

TEST(ExactState, DivergenceNamesStepAndTensor) {
  TrainingRun run;
  run.complete();
  for (double& rate : run.learning_rates) rate = 1e9;
  run.lower();
  OpenRun open(run);
  open.start_exactly();
  std::vector<double> gradient(run.initial.size());
  gradient[static_cast<size_t>(run.weights) - 1] = 1;
  open.write(open.gradient, gradient);
  expect_refused(and_wait(open.session, hg_reversible_advance(open.session, open.state, 0)), HG_DIVERGED,
                 "Training diverged at step 0 in b2: a weight left");
  int32_t step = -1, parameter = -1, slot = -2, fault = -1;
  HG_EXPECT_OK(hg_session_fault(open.session, &step, &parameter, &slot, &fault));
  EXPECT_EQ(std::make_tuple(step, parameter, slot, fault), std::make_tuple(0, 3, -1, static_cast<int32_t>(HG_WEIGHT_FAULT)));
  expect_refused(hg_reversible_advance(open.session, open.state, 1), HG_WRONG_ORDER, "start the exact state first");
}

TEST(ExactState, DivergenceNamesTheSlot) {
  TrainingRun run;
  run.optimizer = OptimizerKind::adamw;
  run.complete();
  std::fill(run.momenta.begin(), run.momenta.end(), 65535.0 / 65536);
  run.lower();
  for (double& value : run.coefficients[2].values) value = 0.5;  // so that the first moment grows
  OpenRun open(run);
  open.start_exactly();
  std::vector<double> gradient(run.initial.size());
  gradient[0] = 3000;
  hg_status status = HG_OK;
  for (int32_t step = 0; step < run.steps && status == HG_OK; step++) {
    open.write(open.gradient, gradient);
    status = and_wait(open.session, hg_reversible_advance(open.session, open.state, step));
  }
  expect_refused(status, HG_DIVERGED, "first moment left the fixed-point range of ±2048");
  int32_t step = -1, parameter = -1, slot = -2, fault = -1;
  HG_EXPECT_OK(hg_session_fault(open.session, &step, &parameter, &slot, &fault));
  EXPECT_EQ(std::make_tuple(parameter, slot, fault), std::make_tuple(0, 0, static_cast<int32_t>(HG_SLOT_FAULT)));
}

}  // namespace
}  // namespace hypergrad::testing
