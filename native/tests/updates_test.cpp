// Every list of updates pulled back: whole hypergradients of several networks against finite differences of the run trained in floating
// point, and the reversible method against the stored one.
#include <algorithm>
#include <cmath>

#include "closeness.h"
#include "sweep.h"

namespace hypergrad::testing {
namespace {

// The derivatives given, with the difference quotient in the place of each: that of number i, which change(run, i, h) moves by h. On a
// simulated device, where a run takes long, in the place of a few.
template <class Change>
std::vector<double> differences(const TrainingRun& run, std::vector<double> result, double h, const Change& change) {
  const size_t stride = is_simulated() ? std::max<size_t>(1, result.size() / 2) : 1;
  for (size_t i = 0; i < result.size(); i += stride) {
    TrainingRun ahead = run, behind = run;
    const double up = change(ahead, i, h), down = change(behind, i, -h);
    result[i] = (train_and_validate(ahead, run) - train_and_validate(behind, run)) / (up - down);
  }
  return result;
}

void expect_differences(const TrainingRun& run, const Hypergradient& actual) {
  constexpr double tolerance = 2e-6;
  const auto check = [&](const char* what, const std::vector<double>& derivatives, std::vector<double> TrainingRun::*numbers) {
    ASSERT_EQ(derivatives.size(), (run.*numbers).size()) << what;
    const auto expected = differences(run, derivatives, 1e-6, [&](TrainingRun& changed, size_t i, double h) {
      (changed.*numbers)[i] += h;
      return h;
    });
    expect_close(what, derivatives, expected, tolerance);
  };
  for (size_t which = 0; which < run.coefficients.size(); which++) {
    ASSERT_EQ(actual.coefficients[which].size(), run.coefficients[which].values.size());
    const CoefficientNumbers& numbers = run.coefficients[which];
    const bool is_decay = !numbers.numerators.empty();
    const auto expected =
        differences(run, actual.coefficients[which], is_decay ? 4e-5 : 1e-6, [&](TrainingRun& changed, size_t i, double h) {
          CoefficientNumbers& c = changed.coefficients[which];
          const double before = c.values[i];
          if (is_decay) {
            c.numerators[i] += static_cast<int32_t>(std::lround(h * c.denominators[i]));
            c.values[i] = c.numerators[i] / static_cast<double>(c.denominators[i]);
          } else {
            c.values[i] += h;
          }
          return c.values[i] - before;
        });
    expect_close(numbers.name, actual.coefficients[which], expected, tolerance);
  }
  check("initial weights", actual.weights, &TrainingRun::initial);
  check("L2", actual.l2, &TrainingRun::l2);
  if (!actual.inputs.empty()) check("inputs", actual.inputs, &TrainingRun::inputs);
  if (!actual.targets.empty()) check("targets", actual.targets, &TrainingRun::targets);
  check("example weights", actual.example_weights, &TrainingRun::example_weights);
}

TrainingRun network(int32_t which) {
  TrainingRun run;
  run.steps = 5;
  run.examples = 5;
  if (which == 1) {  // a residual net with group norm
    TestProgram& p = run.program = TestProgram(4 * 4 * 2);
    const int32_t x = p.convolution(0, window(4, 4, 2, 3, 1, 1), 4, HG_TANH);
    const int32_t body = p.convolution(p.activate(p.normalize(x, 16, 2, 4), HG_GELU), window(4, 4, 4, 1, 1, 0), 4);
    p.affine(p.pool(p.add(body, x), window(4, 4, 4, 4, 1, 0), false), 4, 2);
  } else if (which == 2) {  // a block of a transformer
    TestProgram& p = run.program = TestProgram(3, 5);
    const int32_t x = p.add_parameter(p.embed(4)), y = p.normalize(x, 1, 1, 4);
    const int32_t q = p.affine(y, 4, 4), k = p.affine(y, 4, 4), v = p.affine(y, 4, 4);
    const int32_t mixed = p.affine(p.mix(p.softmax(p.scores(q, k, 3, 4, 2), 3, true), v, 3, 4, 2), 4, 4);
    const int32_t z = p.add(x, p.drop(mixed, 0.25));
    p.affine(p.add(z, p.affine(p.affine(p.normalize(z, 1, 1, 4), 4, 6, HG_GELU), 6, 4)), 4, 5);
    run.outputs = 5;
    run.class_targets = true;
  }
  return run;
}

class EveryList : public ::testing::TestWithParam<std::tuple<OptimizerKind, int32_t>> {};

TEST_P(EveryList, HypergradientIsThatOfFiniteDifferences) {
  const auto [optimizer, which] = GetParam();
  TrainingRun run = network(which);
  run.optimizer = optimizer;
  run.sharing = which == 0 ? Sharing::tensor : Sharing::all;
  run.complete(which == 0 ? 2 : 4);
  const Hypergradient stored = sweep(run, Method::stored);
  expect_differences(run, stored);
  if (optimizer == OptimizerKind::nesterov) return;
  const Hypergradient reversible = sweep(run, Method::reversible);
  EXPECT_TRUE(reversible.is_exact);
  const double tolerance = optimizer == OptimizerKind::adamw ? 1e-5 : 1e-9;
  for (size_t i = 0; i < stored.coefficients.size(); i++)
    expect_close(run.coefficients[i].name, reversible.coefficients[i], stored.coefficients[i], tolerance);
  for (size_t i = 0; i < stored.slots.size(); i++) expect_close("slots", reversible.slots[i], stored.slots[i], tolerance);
  expect_close("initial weights", reversible.weights, stored.weights, tolerance);
  expect_close("example weights", reversible.example_weights, stored.example_weights, tolerance);
}

INSTANTIATE_TEST_SUITE_P(Native, EveryList,
                         ::testing::Combine(::testing::Values(OptimizerKind::momentum, OptimizerKind::adamw, OptimizerKind::nesterov),
                                            ::testing::Range(0, 3)));

TEST(Updates, PullBackByTheirDefinitions) {
  // One weight, one step, numbers by hand: AdamW's table of derivatives.
  TrainingRun run;
  run.layers = {1, 1};
  run.optimizer = OptimizerKind::adamw;
  run.steps = 1;
  run.sharing = Sharing::all;
  run.complete();
  OpenRun open(run);
  OpenAdjoint adjoint(open);
  const double w = 0.7, m = 0.3, s = 0.04, bar_w = 2, bar_m = -0.5, bar_s = 0.25, g = 0.6;
  open.write(open.weights, {w, 0});
  open.write(open.slots[0], {m, 0});
  open.write(open.slots[1], {s, 0});
  open.write(open.gradient, {g, 0});
  open.write(adjoint.weights, {bar_w, 0});
  open.write(adjoint.slots[0], {bar_m, 0});
  open.write(adjoint.slots[1], {bar_s, 0});
  const auto c = [&](size_t i) { return run.coefficients[i].values[0]; };
  const double a = c(5), b1 = c(6), b2 = c(7), epsilon = c(8), r = std::sqrt(s / b2), q = r + epsilon, first = m / b1;
  HG_ASSERT_OK(hg_session_pull_back_drifts(open.session, 0, &adjoint.parts));
  EXPECT_DOUBLE_EQ(adjoint.table(5)[0], bar_w * first / q);
  EXPECT_DOUBLE_EQ(adjoint.table(6)[0], bar_w * a * -first / q / b1);
  EXPECT_DOUBLE_EQ(adjoint.table(7)[0], bar_w * a * first * r / (2 * q * q * b2));
  EXPECT_DOUBLE_EQ(adjoint.table(8)[0], bar_w * a * -first / (q * q));
  const double after_m = bar_m + bar_w * a / (b1 * q), after_s = bar_s - bar_w * a * first / (q * q) / (2 * r * b2);
  EXPECT_DOUBLE_EQ(open.read(adjoint.slots[0])[0], after_m);
  EXPECT_DOUBLE_EQ(open.read(adjoint.slots[1])[0], after_s);
  const hg_handle u = open.vector();
  HG_ASSERT_OK(hg_session_pull_back_kicks(open.session, 0, &adjoint.parts, u, 0));
  EXPECT_DOUBLE_EQ(adjoint.table(2)[0], after_m * g);
  EXPECT_DOUBLE_EQ(adjoint.table(4)[0], after_s * (g * g));
  const double along = c(2) * after_m + c(4) * after_s * 2 * g;
  EXPECT_DOUBLE_EQ(open.read(u)[0], along);
  HG_ASSERT_OK(hg_session_pull_back_kicks(open.session, 0, &adjoint.parts, u, 1));
  EXPECT_DOUBLE_EQ(open.read(u)[0], 2 * along);
  HG_ASSERT_OK(hg_session_pull_back_decays(open.session, 0, &adjoint.parts));
  EXPECT_DOUBLE_EQ(adjoint.table(0)[0], bar_w * w);
  EXPECT_DOUBLE_EQ(adjoint.table(1)[0], after_m * m);
  EXPECT_DOUBLE_EQ(adjoint.table(3)[0], after_s * s);
  EXPECT_DOUBLE_EQ(open.read(adjoint.weights)[0], c(0) * bar_w);
  EXPECT_DOUBLE_EQ(open.read(adjoint.slots[0])[0], c(1) * after_m);
  EXPECT_DOUBLE_EQ(open.read(adjoint.slots[1])[0], c(3) * after_s);
}

TEST(Updates, ASecondMomentOfZeroHasNoDerivative) {
  TrainingRun run;
  run.optimizer = OptimizerKind::adamw;
  run.complete();
  OpenRun open(run);
  OpenAdjoint adjoint(open);
  open.write(open.slots[0], std::vector<double>(run.initial.size(), 1.0));
  open.write(adjoint.weights, std::vector<double>(run.initial.size(), 1.0));
  HG_ASSERT_OK(hg_session_pull_back_drifts(open.session, 0, &adjoint.parts));
  for (const double value : open.read(adjoint.slots[1])) EXPECT_EQ(value, 0);
  for (const double value : open.read(adjoint.slots[0])) EXPECT_TRUE(std::isfinite(value) && value != 0);
}

TEST(Updates, TwoDecaysOfOneSlotAreTwoFactors) {
  TrainingRun run;
  run.complete(6);
  run.coefficients.push_back(run.coefficients[0]);
  for (int32_t& numerator : run.coefficients.back().numerators) numerator = 65536 - numerator / 4;
  for (size_t i = 0; i < run.coefficients[3].values.size(); i++)
    run.coefficients[3].values[i] = run.coefficients[3].numerators[i] / 65536.0;
  hg_update again = run.updates[0];
  again.coefficient = 3;
  run.updates.insert(run.updates.begin() + 1, again);
  // The validation loss depends on both decays alike: by the product of the two.
  const Hypergradient both = sweep(run, Method::stored);
  const size_t late = static_cast<size_t>(run.groups) * 5;
  for (size_t i = late; i < late + static_cast<size_t>(run.groups); i++)
    EXPECT_NEAR(both.coefficients[0][i] * run.coefficients[0].values[i], both.coefficients[3][i] * run.coefficients[3].values[i], 1e-12);
  const Hypergradient reversible = sweep(run, Method::reversible);
  EXPECT_TRUE(reversible.is_exact);
  expect_close("decay", reversible.coefficients[0], both.coefficients[0], 1e-9);
  expect_close("another decay", reversible.coefficients[3], both.coefficients[3], 1e-9);
}

TEST(Updates, SumsGoToEveryGroupOfEverySharing) {
  for (const Sharing sharing : {Sharing::all, Sharing::tensor, Sharing::unit, Sharing::weight}) {
    TrainingRun run;
    run.layers = {40, 120, 3};
    run.sharing = sharing;
    run.complete();
    OpenRun open(run);
    OpenAdjoint adjoint(open);
    const std::vector<double> x = run.initial, y(x.rbegin(), x.rend());
    open.write(open.slots[0], x);
    open.write(adjoint.weights, y);
    HG_ASSERT_OK(hg_session_pull_back_drifts(open.session, 3, &adjoint.parts));
    HG_ASSERT_OK(hg_session_pull_back_drifts(open.session, 3, &adjoint.parts));
    std::vector<double> sums(static_cast<size_t>(run.groups));
    for (int32_t i = 0; i < run.weights; i++)
      sums[static_cast<size_t>(run.group_of(i))] += x[static_cast<size_t>(i)] * y[static_cast<size_t>(i)];
    const std::vector<double> values = adjoint.table(2);
    for (size_t i = 0; i < values.size(); i++) {
      const bool is_here = i / static_cast<size_t>(run.groups) == 3;
      ASSERT_NEAR(values[i], is_here ? 2 * sums[i % static_cast<size_t>(run.groups)] : 0, 1e-10) << i;
    }
  }
}

TEST(Updates, InFloatsComeCloseToDoubles) {
  TrainingRun run;
  run.optimizer = OptimizerKind::adamw;
  run.complete(4);
  const Hypergradient wide = sweep(run, Method::stored);
  run.precision = HG_SINGLE;
  for (const Method method : {Method::stored, Method::reversible}) {
    const Hypergradient single = sweep(run, method);
    for (size_t i = 0; i < wide.coefficients.size(); i++)
      expect_close(run.coefficients[i].name, single.coefficients[i], wide.coefficients[i], 2e-3);
    expect_close("initial weights", single.weights, wide.weights, 2e-3);
    EXPECT_EQ(single.is_exact, method == Method::reversible);
  }
}

}  // namespace
}  // namespace hypergrad::testing
