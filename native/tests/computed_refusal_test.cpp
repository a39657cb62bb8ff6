// Whole hypergradients by one call: what is refused, and how a run that diverges is told of.
#include <functional>

#include "computed.h"

namespace hypergrad::testing {
namespace {

// A call that is changed is refused before anything is written.
void expect_call_refused(const std::string& words, const std::function<void(ComputeCall&)>& change, hg_status status = HG_INVALID_ARGUMENT,
                         OptimizerKind optimizer = OptimizerKind::momentum, bool class_targets = false) {
  TrainingRun run;
  run.optimizer = optimizer;
  run.class_targets = class_targets;
  run.complete();
  ComputeCall call(run);
  change(call);
  const std::vector<double> before = call.validation_losses;
  expect_refused(call(), status, words);
  EXPECT_EQ(call.validation_losses, before) << words;
}

TEST(ComputedRefusal, OfRequests) {
  using C = ComputeCall;
  expect_call_refused("The struct_size of hg_hypergradient_request is 0", [](C& c) { c.request.struct_size = 0; });
  expect_call_refused("The struct_size of hg_hypergradient_result is 8", [](C& c) { c.result.struct_size = 8; });
  expect_call_refused(
      "'run' is null", [](C& c) { c.request.run = nullptr; }, HG_NULL_ARGUMENT);
  expect_call_refused(
      "'initial_weights' is null", [](C& c) { c.request.initial_weights = nullptr; }, HG_NULL_ARGUMENT);
  expect_call_refused(
      "'validation_inputs' is null", [](C& c) { c.request.validation_inputs = nullptr; }, HG_NULL_ARGUMENT);
  expect_call_refused(
      "'validation_targets' is null", [](C& c) { c.request.validation_targets = nullptr; }, HG_NULL_ARGUMENT);
  expect_call_refused(
      "'values' is null", [](C& c) { c.description.values = nullptr; }, HG_NULL_ARGUMENT);
  expect_call_refused(
      "'parameters' is null", [](C& c) { c.description.parameters = nullptr; }, HG_NULL_ARGUMENT);
  expect_call_refused(
      "'inputs' is null", [](C& c) { c.description.inputs = nullptr; }, HG_NULL_ARGUMENT);
  expect_call_refused("The method is 2", [](C& c) { c.request.method = 2; });
  expect_call_refused("Verifying every -1 steps", [](C& c) { c.request.verify_every = -1; });
  expect_call_refused("-2 snapshots", [](C& c) { c.request.snapshots = -2; });
  expect_call_refused("A memory budget of -3 bytes", [](C& c) { c.request.memory_budget = -3; });
  expect_call_refused("leave one of the two at 0", [](C& c) { c.request.memory_budget = 1 << 20, c.request.snapshots = 2; });
  expect_call_refused("one snapshot of this run takes 512; give at least that",
                      [](C& c) { c.request.memory_budget = 511, c.request.method = HG_CHECKPOINTED; });
  expect_call_refused("validation_has_class_targets is 2", [](C& c) { c.request.validation_has_class_targets = 2; });
  expect_call_refused("The inputs are given twice", [](C& c) { c.request.inputs = c.request.validation_inputs; });
  expect_call_refused("The l2 are given twice", [](C& c) { c.request.l2 = c.request.initial_weights; });
  expect_call_refused("0 replicas", [](C& c) { c.description.replicas = 0; });
  expect_call_refused("0 training examples", [](C& c) { c.description.examples = 0; });
  expect_call_refused("0 steps", [](C& c) { c.description.steps = 0; });
  expect_call_refused("The program reads value 9; there are 3", [](C& c) { c.description.output = 9; });
  expect_call_refused("do not divide into positions of 0", [](C& c) { c.description.outputs = 0; });
  expect_call_refused("The initial weight 4 is nan", [](C& c) { c.run.initial[4] = std::nan(""); });
  expect_call_refused("Example 1 of validation_inputs holds a number at position 0 that is not finite", [](C& c) {
    static std::vector<double> broken;
    broken = c.run.inputs;
    broken[3] = HUGE_VAL;
    c.request.validation_inputs = c.tensors.over(broken, {7, 3});
  });
  expect_call_refused(
      "kicks the weights, which cannot be reversed", [](C&) {}, HG_INVALID_ARGUMENT, OptimizerKind::nesterov);
  expect_call_refused(
      "The targets are class numbers, which have no gradient",
      [](C& c) {
        static std::vector<double> room(14);
        c.result.targets = c.tensors.over(room, {7, 2});
      },
      HG_INVALID_ARGUMENT, OptimizerKind::momentum, true);
  TrainingRun run;
  run.complete();
  ComputeCall call(run);
  hg_handle context = 0;
  HG_ASSERT_OK(create_context(&context));
  expect_refused(hg_hypergradient_compute(context, nullptr, &call.result), HG_NULL_ARGUMENT, "'request' is null");
  expect_refused(hg_hypergradient_compute(context, &call.request, nullptr), HG_NULL_ARGUMENT, "'result' is null");
  expect_refused(hg_hypergradient_compute(0, &call.request, &call.result), HG_NULL_ARGUMENT, "'context' is 0");
  HG_ASSERT_OK(hg_destroy(context));
  expect_refused(hg_hypergradient_compute(context, &call.request, &call.result), HG_INVALID_HANDLE, "destroyed");
}

// One tensor of the request, and one of the result, is changed.
void expect_tensor_refused(const std::string& words, const std::function<void(hg_tensor&)>& change,
                           hg_status status = HG_INVALID_ARGUMENT) {
  const auto changed = [&](ComputeCall& call, const hg_tensor*& tensor) {
    static hg_tensor other;
    other = *tensor;
    change(other);
    tensor = &other;
    (void)call;
  };
  expect_call_refused(
      words, [&](ComputeCall& c) { changed(c, c.request.validation_inputs); }, status);
  expect_call_refused(
      words, [&](ComputeCall& c) { changed(c, c.result.inputs); }, status);
}

TEST(ComputedRefusal, OfTensors) {
  using T = hg_tensor;
  static const int64_t empty[]{7, 0}, huge[]{7, static_cast<int64_t>(1) << 60}, turned[]{1, 7, 7};
  static std::vector<double> numbers(100);
  expect_tensor_refused("holds floats of 16 bits; give floats of 32 or 64 bits", [](T& t) { t.bits = 16; });
  expect_tensor_refused("holds bfloats of 16 bits", [](T& t) { t.code = 4, t.bits = 16; });
  expect_tensor_refused("holds integers of 64 bits", [](T& t) { t.code = HG_TENSOR_INTEGER; });
  expect_tensor_refused("holds numbers of an unknown kind of 64 bits", [](T& t) { t.code = 99; });
  expect_tensor_refused("has 2 lanes", [](T& t) { t.lanes = 2; });
  expect_tensor_refused("has -1 dimensions", [](T& t) { t.dimensions = -1; });
  expect_tensor_refused("has 65 dimensions", [](T& t) { t.dimensions = 65; });
  expect_tensor_refused(
      "'shape' is null", [](T& t) { t.shape = nullptr; }, HG_NULL_ARGUMENT);
  expect_tensor_refused("has 0 numbers along dimension 1", [](T& t) { t.shape = empty; });
  expect_tensor_refused("fewer than 2^40 in all", [](T& t) { t.shape = huge; });
  expect_tensor_refused("has a stride of 7 along dimension", [](T& t) { t.strides = turned; });
  expect_tensor_refused("is on a device of DLPack's type 10", [](T& t) { t.device_type = 10; });
  expect_tensor_refused("is on CUDA device 5, and the context", [](T& t) { t.device_type = HG_TENSOR_CUDA, t.device_id = 5; });
  expect_tensor_refused(
      "' is null", [](T& t) { t.data = nullptr; }, HG_NULL_ARGUMENT);
  expect_tensor_refused("is not aligned to its numbers of 8 bytes", [](T& t) { t.byte_offset = 4; });
  expect_call_refused("validation_inputs has 28 numbers, which do not divide into examples of 3", [](ComputeCall& c) {
    c.request.validation_inputs = c.tensors.over(numbers, {7, 4});
  });
  expect_call_refused("validation_inputs has 3 rows; it must have 7, of 3 numbers each", [](ComputeCall& c) {
    c.request.validation_inputs = c.tensors.over(numbers, {3, 7});
  });
  expect_call_refused("validation_targets has 12 numbers; it must have 7 × 2", [](ComputeCall& c) {
    c.request.validation_targets = c.tensors.over(numbers, {6, 2});
  });
  expect_call_refused("initial_weights has 5 numbers; it must have 1 × 32",
                      [](ComputeCall& c) { c.request.initial_weights = c.tensors.over(numbers, {5}); });
  expect_call_refused("The tensor inputs has 28 numbers; it must have 1 × 21", [](ComputeCall& c) {
    c.result.inputs = c.tensors.over(numbers, {7, 4});
  });
  expect_call_refused("The tensor final_weights has 3 numbers",
                      [](ComputeCall& c) { c.result.final_weights = c.tensors.over(numbers, {3}); });
  expect_call_refused("The tensor coefficients[2] (learning rate) has 2 numbers; it must have 1 × 24", [](ComputeCall& c) {
    static const hg_tensor* coefficients[3];
    coefficients[2] = c.tensors.over(numbers, {2});
    c.result.coefficients = coefficients;
  });
}

TEST(ComputedDivergence, OfTraining_TellsWhere) {
  TrainingRun run;
  run.complete();
  for (double& rate : run.learning_rates) rate = 1e9;
  run.lower();
  ComputeCall call(run);
  expect_refused(call(), HG_DIVERGED, "Training diverged at step ");
  EXPECT_EQ(call.result.fault, HG_WEIGHT_FAULT);
  EXPECT_GE(call.result.fault_step, 0);
  EXPECT_GE(call.result.fault_parameter, 0);
  EXPECT_EQ(call.result.fault_slot, -1);
  EXPECT_EQ(call.result.is_exact, 0);
}

TEST(ComputedDivergence, OfTheHypergradient_TellsWhere) {
  TrainingRun run;
  run.layers = {3, 3};
  run.activation = HG_IDENTITY;
  run.loss = HG_SQUARED;
  run.precision = HG_SINGLE;
  run.penalties = run.weighted = false;
  run.steps = 60;
  // At a fixed point the weights stay where they are, and what is small grows on the way back.
  run.inputs.assign(21, 4);
  run.targets.assign(21, 0);
  run.initial.assign(12, 0);
  run.learning_rates.assign(120, 1500);
  run.momenta.assign(120, 0.5);
  run.complete();
  ComputeCall call(run);
  std::vector<double> others(21, 1);
  call.request.validation_targets = call.tensors.over(others, {7, 3});
  expect_refused(call(), HG_DIVERGED, "The hypergradient diverged by step ");
  EXPECT_NE(std::string(hg_last_error()).find("beyond single precision: compute in double precision"), std::string::npos)
      << hg_last_error();
  EXPECT_EQ(call.result.fault, HG_ADJOINT_FAULT);
  EXPECT_GT(call.result.fault_step, 0);
  call.result.coefficients = nullptr;
  expect_refused(call(), HG_DIVERGED, "The hypergradient diverged: that of initial_weights");
  EXPECT_EQ(call.result.fault_step, -1);
}

}  // namespace
}  // namespace hypergrad::testing
