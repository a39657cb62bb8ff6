// Whole hypergradients by one call: the bits of the sweep over the library's functions, in every precision and by every method.
#include "computed.h"

#include <cmath>

#include "closeness.h"

namespace hypergrad::testing {
namespace {

void expect_same(const Hypergradient& actual, const Hypergradient& expected) {
  EXPECT_EQ(actual.validation_loss, expected.validation_loss);
  EXPECT_EQ(actual.training_losses, expected.training_losses);
  EXPECT_EQ(actual.final_weights, expected.final_weights);
  EXPECT_EQ(actual.weights, expected.weights);
  EXPECT_EQ(actual.slots, expected.slots);
  EXPECT_EQ(actual.coefficients, expected.coefficients);
  EXPECT_EQ(actual.l2, expected.l2);
  EXPECT_EQ(actual.l1, expected.l1);
  EXPECT_EQ(actual.inputs, expected.inputs);
  EXPECT_EQ(actual.targets, expected.targets);
  EXPECT_EQ(actual.example_weights, expected.example_weights);
  EXPECT_EQ(actual.is_exact, expected.is_exact);
}

class Computed : public ::testing::TestWithParam<std::tuple<OptimizerKind, int32_t>> {
 protected:
  TrainingRun run(int32_t replicas = 1) const {
    TrainingRun made;
    std::tie(made.optimizer, made.precision) = GetParam();
    made.replicas = replicas;
    made.steps = 13;
    made.complete(11);
    return made;
  }
};

TEST_P(Computed, BitsAreThoseOfTheSweep) {
  const TrainingRun of = run();
  if (of.optimizer != OptimizerKind::nesterov) {
    ComputeCall reversible(of);
    HG_ASSERT_OK(reversible());
    expect_same(reversible.gradient(), sweep(of, Method::reversible));
  }
  const Hypergradient stored = sweep(of, Method::stored);
  for (const int32_t snapshots : {0, 1, 5, 1000}) {
    ComputeCall checkpointed(of, HG_CHECKPOINTED);
    checkpointed.request.snapshots = snapshots;
    HG_ASSERT_OK(checkpointed());
    expect_same(checkpointed.gradient(), stored);
    EXPECT_EQ(checkpointed.result.hashes_taken, 0);
  }
}

// TF32 in the tangents alone moves the hypergradient by its rounding, and nothing of the training that is reversed.
TEST(Tf32, InTangentsLeavesTrainingAsItIs) {
  TrainingRun run;
  run.precision = HG_SINGLE;
  run.steps = 13;
  run.complete(11);
  const auto gradient_with = [&](int32_t tf32) {
    run.allow_tf32 = tf32;
    ComputeCall call(run);
    HG_EXPECT_OK(call());
    return call.gradient();
  };
  const Hypergradient plain = gradient_with(HG_TF32_NOWHERE), tangents = gradient_with(HG_TF32_IN_TANGENTS),
                      everywhere = gradient_with(HG_TF32_EVERYWHERE);
  for (const Hypergradient* each : {&plain, &tangents, &everywhere}) EXPECT_TRUE(each->is_exact);
  EXPECT_EQ(tangents.training_losses, plain.training_losses);
  EXPECT_EQ(tangents.final_weights, plain.final_weights);
  EXPECT_EQ(tangents.validation_loss, plain.validation_loss);
  expect_close("weights", tangents.weights, plain.weights, 1e-2);
  expect_close("inputs", tangents.inputs, plain.inputs, 1e-2);
  if (executor_under_test() == host) return expect_same(everywhere, plain);
  if (!is_simulated()) return;  // a real cuBLAS chooses by sizes
  EXPECT_NE(tangents.weights, plain.weights);
  EXPECT_NE(everywhere.training_losses, plain.training_losses);
}

TEST_P(Computed, ReplicasAreRunsOfTheirOwn) {
  TrainingRun of = run(3);
  of.sampling = HG_SHUFFLED;
  ComputeCall call(of, HG_CHECKPOINTED);
  HG_ASSERT_OK(call());
  double mean = 0;
  for (int32_t replica = 0; replica < 3; replica++) {
    expect_same(call.gradient(replica), sweep(of, Method::stored, replica));
    mean += call.validation_losses[static_cast<size_t>(replica)] / 3;
  }
  EXPECT_DOUBLE_EQ(call.result.validation_loss, mean);
  EXPECT_NE(call.validation_losses[0], call.validation_losses[1]);
}

std::string name_of(const ::testing::TestParamInfo<Computed::ParamType>& tested) {
  const char* const optimizers[] = {"momentum", "adamw", "nesterov"};
  const auto [optimizer, precision] = tested.param;
  return std::string(optimizers[static_cast<int>(optimizer)]) + (precision == HG_SINGLE ? "_single" : "_double");
}

INSTANTIATE_TEST_SUITE_P(Native, Computed,
                         ::testing::Combine(::testing::Values(OptimizerKind::momentum, OptimizerKind::adamw, OptimizerKind::nesterov),
                                            ::testing::Values(HG_SINGLE, HG_DOUBLE)),
                         name_of);

TEST(ComputedCall, ReportsWhatTheReversalCompared) {
  TrainingRun run;
  run.steps = 50;
  run.complete();
  for (const int32_t every : {0, 1, 7, 50, 2147483647}) {
    ComputeCall call(run);
    call.request.verify_every = every;
    HG_ASSERT_OK(call());
    EXPECT_EQ(call.result.is_exact, 1);
    EXPECT_EQ(call.result.hashes_taken, every == 0 ? 25 : (49 + static_cast<int64_t>(every)) / every);
    EXPECT_EQ(call.result.hashes_met, call.result.hashes_taken);
    EXPECT_GE(call.result.bits_per_weight_step + call.result.resident_bits_per_weight / 50, call.result.entropy_bits_per_weight_step);
    EXPECT_GT(call.result.entropy_bits_per_weight_step, 0.1);
    EXPECT_EQ(call.result.resident_bits_per_weight, 16);
    EXPECT_GE(call.result.adjoint_growth, 1);
    EXPECT_EQ(call.result.fault, HG_NO_FAULT);
  }
}

TEST(ComputedCall, GrowthOfTheAdjoint_IsThatOfItsNorms) {
  TrainingRun run;
  run.steps = 1;
  run.complete();
  for (double& rate : run.learning_rates) rate = 40;
  run.lower();
  ComputeCall call(run);
  HG_ASSERT_OK(call());
  TrainingRun untrained = run;
  for (double& rate : untrained.learning_rates) rate = 0;
  untrained.lower();
  untrained.initial = call.final_weights;
  ComputeCall at_end(untrained);
  HG_ASSERT_OK(at_end());
  const auto norm = [](const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value * value;
    return std::sqrt(sum);
  };
  EXPECT_NEAR(call.result.adjoint_growth, std::max(1.0, norm(call.weights) / norm(at_end.weights)), 1e-6);
}

TEST(ComputedCall, OnlyWhatIsAskedForIsWritten) {
  TrainingRun run;
  run.complete();
  ComputeCall all(run), one(run);
  HG_ASSERT_OK(all());
  hg_hypergradient_result& r = one.result;
  r.initial_weights = r.l2 = r.l1 = r.inputs = r.targets = r.example_weights = r.final_weights = nullptr;
  r.training_losses = r.validation_losses = r.error_rates = nullptr;
  r.slots = nullptr;
  std::vector<const hg_tensor*> rate_alone{nullptr, nullptr, r.coefficients[2]};
  r.coefficients = rate_alone.data();
  HG_ASSERT_OK(one());
  EXPECT_EQ(one.coefficients[2], all.coefficients[2]);
  EXPECT_EQ(one.coefficients[0], std::vector<double>(one.coefficients[0].size(), -7));
  EXPECT_EQ(one.result.validation_loss, all.result.validation_loss);
}

TEST(ComputedCall, TensorsMayStandInForTheRunsArrays_InEitherPrecision) {
  TrainingRun run;
  run.class_targets = true;
  run.steps = 7;
  run.complete(3);
  for (std::vector<double>* numbers : {&run.inputs, &run.example_weights, &run.l2, &run.l1, &run.initial})
    for (double& number : *numbers) number = static_cast<float>(number);
  ComputeCall plain(run), given(run);
  std::vector<float> inputs(run.inputs.begin(), run.inputs.end()), weights(run.example_weights.begin(), run.example_weights.end()),
      l2(run.l2.begin(), run.l2.end()), l1(run.l1.begin(), run.l1.end()), initial(run.initial.begin(), run.initial.end()),
      rates(plain.coefficients[2].size());
  std::vector<int64_t> classes(run.targets.begin(), run.targets.end());
  std::vector<uint8_t> bytes(run.targets.begin(), run.targets.end());
  given.description.inputs = given.description.targets = nullptr;
  given.description.example_weights = given.description.l2 = given.description.l1 = nullptr;
  const int64_t examples = run.examples;
  given.request.inputs = given.tensors.over(inputs, {examples, 1, run.input_size()});
  given.request.targets = given.tensors.over(classes, {examples});
  given.request.example_weights = given.tensors.over(weights, {examples, 1});
  given.request.l2 = given.tensors.over(l2, {run.weights});
  given.request.l1 = given.tensors.over(l1, {1, run.weights});
  given.request.initial_weights = given.tensors.over(initial, {run.weights});
  given.request.validation_targets = given.tensors.over(bytes, {examples, 1});
  std::vector<const hg_tensor*> coefficients(given.result.coefficients, given.result.coefficients + 3);
  coefficients[2] = given.tensors.over(rates, {run.steps, run.groups});
  given.result.coefficients = coefficients.data();
  HG_ASSERT_OK(plain());
  HG_ASSERT_OK(given());
  EXPECT_EQ(given.weights, plain.weights);
  EXPECT_EQ(given.l1, plain.l1);
  EXPECT_EQ(given.example_weights, plain.example_weights);
  EXPECT_EQ(rates, std::vector<float>(plain.coefficients[2].begin(), plain.coefficients[2].end()));
}

TEST(ComputedCall, OffsetsAndPackedStridesAreRead) {
  TrainingRun run;
  run.complete(4);
  ComputeCall plain(run), shifted(run);
  std::vector<double> padded(run.inputs);
  padded.insert(padded.begin(), 3, -99);
  const std::vector<int64_t> strides{run.input_size(), 1};
  shifted.request.validation_inputs = shifted.tensors.over(padded, {run.examples, run.input_size()});
  shifted.tensors.last().byte_offset = 3 * sizeof(double);
  shifted.tensors.last().strides = strides.data();
  HG_ASSERT_OK(plain());
  HG_ASSERT_OK(shifted());
  EXPECT_EQ(shifted.weights, plain.weights);
}

TEST(ComputedCall, TensorsMayBeWhereTheContextComputes) {
  TrainingRun run;
  run.complete(4);
  ComputeCall plain(run), there(run);
  HG_ASSERT_OK(plain());
  OpenRun open(run);
  const hg_handle start = open.vector(), gradient = open.vector();
  open.write(start, run.initial);
  std::vector<double> shape_alone(static_cast<size_t>(run.weights));
  const auto tensor_of = [&](hg_handle vector) {
    const hg_tensor* tensor = there.tensors.over(shape_alone, {run.weights});
    hg_tensor& changed = there.tensors.last();
    int64_t stride = 0;
    HG_EXPECT_OK(hg_vector_address(open.session, vector, &changed.data, &stride));
    changed.device_type = executor_under_test() == host ? HG_TENSOR_CPU : HG_TENSOR_CUDA;
    changed.device_id = executor_under_test() == host ? 0 : executor_under_test();
    return tensor;
  };
  there.request.initial_weights = tensor_of(start);
  there.result.initial_weights = tensor_of(gradient);
  HG_ASSERT_OK(hg_session_synchronize(open.session));
  HG_ASSERT_OK(there());
  EXPECT_EQ(open.read(gradient), plain.weights);
  EXPECT_EQ(there.validation_losses, plain.validation_losses);
}

TEST(ComputedCall, InitialWeightsOfEachReplica) {
  TrainingRun alone;
  alone.complete(5);
  TrainingRun both = alone;
  both.replicas = 2;
  ComputeCall one(alone), two(both);
  std::vector<double> starts(alone.initial);
  for (const double w : alone.initial) starts.push_back(w / 2);
  two.request.initial_weights = two.tensors.over(starts, {2, alone.weights});
  HG_ASSERT_OK(one());
  HG_ASSERT_OK(two());
  expect_same(two.gradient(0), one.gradient());
  EXPECT_NE(two.validation_losses[1], two.validation_losses[0]);
  EXPECT_EQ(two.result.is_exact, 1);
}

}  // namespace
}  // namespace hypergrad::testing
