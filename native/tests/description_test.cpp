// Every number of a session's description that makes no sense is refused, with a message that names it.
#include <cmath>
#include <functional>

#include "open_run.h"

namespace hypergrad::testing {
namespace {

// A session is refused for a run or its description that was changed.
void expect_run_refused(TrainingRun run, const std::string& words, const std::function<void(hg_session_description&)>& change,
                        hg_status status = HG_INVALID_ARGUMENT) {
  hg_session_description description = run.description();
  change(description);
  hg_handle context = 0, session = 0;
  HG_ASSERT_OK(create_context(&context));
  expect_refused(hg_session_create(context, &description, &session), status, words);
  EXPECT_EQ(session, 0u);
  HG_EXPECT_OK(hg_destroy(context));
}

void expect_description_refused(const std::string& words, const std::function<void(hg_session_description&)>& change,
                                hg_status status = HG_INVALID_ARGUMENT) {
  TrainingRun run;
  run.complete();
  expect_run_refused(run, words, change, status);
}

TEST(Refusal, OfDescriptions) {
  using D = hg_session_description;
  static std::vector<double> not_finite(1000, std::nan(""));
  static const std::vector<int64_t> empty_batch{0, 0, 1, 2, 3, 4, 5}, late{1, 2, 3, 4, 5, 6, 7};
  static const std::vector<int32_t> far(100, 7);
  const auto null = [](const char* words, auto field) {
    expect_description_refused(
        words, [&](D& d) { d.*field = nullptr; }, HG_NULL_ARGUMENT);
  };
  null("'values' is null", &D::values);
  null("'parameters' is null", &D::parameters);
  null("'operations' is null", &D::operations);
  null("'slots' is null", &D::slots);
  null("'coefficients' is null", &D::coefficients);
  null("'updates' is null", &D::updates);
  null("'inputs' is null", &D::inputs);
  null("'targets' is null", &D::targets);
  null("'batch_offsets' is null", &D::batch_offsets);
  null("'batch_examples' is null", &D::batch_examples);
  expect_description_refused("The struct_size of hg_session_description is 0", [](D& d) { d.struct_size = 0; });
  expect_description_refused("The program has 1 values", [](D& d) { d.value_count = 1; });
  expect_description_refused("The program has 0 parameters", [](D& d) { d.parameter_count = 0; });
  expect_description_refused("The program has 0 operations", [](D& d) { d.operation_count = 0; });
  expect_description_refused("The program has 7 operations and 3 values", [](D& d) { d.operation_count = 7; });
  expect_description_refused("The optimizer has -1 slots", [](D& d) { d.slot_count = -1; });
  expect_description_refused("The optimizer has 0 coefficients", [](D& d) { d.coefficient_count = 0; });
  expect_description_refused("The optimizer has 0 updates", [](D& d) { d.update_count = 0; });
  expect_description_refused("The output is value 0", [](D& d) { d.output = 0; });
  expect_description_refused("The output is value 3", [](D& d) { d.output = 3; });
  expect_description_refused("Operation 1 (affine) writes value 2, which nothing reads", [](D& d) { d.output = 1, d.outputs = 5; });
  expect_description_refused("The output has 2 numbers, which do not divide into positions of 3", [](D& d) { d.outputs = 3; });
  expect_description_refused("The vocabulary has -1 tokens", [](D& d) { d.vocabulary = -1; });
  expect_description_refused("reads value 0, which holds tokens", [](D& d) { d.vocabulary = 10; });
  expect_description_refused("The loss is -1", [](D& d) { d.loss = -1; });
  expect_description_refused("The precision is 2", [](D& d) { d.precision = 2; });
  expect_description_refused("The sampling is 4", [](D& d) { d.sampling = 4; });
  expect_description_refused("The type of inputs is 3", [](D& d) { d.input_type = 3; });
  expect_description_refused("The type of targets is -1", [](D& d) { d.target_type = -1; });
  expect_description_refused("permission of TF32 is 3", [](D& d) { d.allow_tf32 = 3; });
  expect_description_refused("choice of class targets is 2", [](D& d) { d.has_class_targets = 2; });
  expect_description_refused("the squared loss compares numbers", [](D& d) { d.has_class_targets = 1, d.loss = HG_SQUARED; });
  expect_description_refused("Example 0 of targets holds 0.9 at position 0; it must be a whole number from 0 to 1",
                             [](D& d) { d.has_class_targets = 1; });
  expect_description_refused("0 training examples", [](D& d) { d.examples = 0; });
  expect_description_refused("0 steps", [](D& d) { d.steps = 0; });
  expect_description_refused("-1 replicas", [](D& d) { d.replicas = -1; });
  expect_description_refused("The batch size is 0", [](D& d) { d.sampling = HG_SHUFFLED, d.batch_size = 0; });
  expect_description_refused("Example 0 of inputs holds a number at position 0", [](D& d) { d.inputs = not_finite.data(); });
  expect_description_refused("Example 0 of targets", [](D& d) { d.targets = not_finite.data(); });
  expect_description_refused("The weight of training example 0 is nan", [](D& d) { d.example_weights = not_finite.data(); });
  expect_description_refused("The batch of step 0 goes from 0 to 0", [](D& d) { d.batch_offsets = empty_batch.data(); });
  expect_description_refused("begins with 1", [](D& d) { d.batch_offsets = late.data(); });
  expect_description_refused("holds example 7", [](D& d) { d.batch_examples = far.data(); });
  expect_description_refused("The L2 penalty of weight 0 is nan", [](D& d) { d.l2 = not_finite.data(); });
  expect_description_refused("The L1 penalty of weight 0 is nan", [](D& d) { d.l1 = not_finite.data(); });
}

// The optimizer of a run, changed.
void expect_optimizer_refused(const std::string& words, OptimizerKind kind, const std::function<void(TrainingRun&)>& change,
                              hg_status status = HG_INVALID_ARGUMENT) {
  TrainingRun run;
  run.optimizer = kind;
  run.complete();
  change(run);
  expect_run_refused(
      run, words, [](hg_session_description&) {}, status);
}

TEST(Refusal, OfOptimizers) {
  using R = TrainingRun;
  const auto momentum = [](const char* words, const std::function<void(R&)>& change) {
    expect_optimizer_refused(words, OptimizerKind::momentum, change);
  };
  const auto adam = [](const char* words, const std::function<void(R&)>& change) {
    expect_optimizer_refused(words, OptimizerKind::adamw, change);
  };
  const auto pattern = [](R& run, int32_t first, int32_t period, int32_t divisor) {
    run.patterns.assign(4, {sizeof(hg_group_pattern), first, period, divisor});
  };
  momentum("The struct_size of hg_slot is 3", [](R& run) { run.slots[0].struct_size = 3; });
  momentum("The struct_size of hg_update is 3", [](R& run) { run.updates[1].struct_size = 3; });
  momentum("The struct_size of hg_group_pattern is 0", [](R& run) { run.patterns[2].struct_size = 0; });
  momentum("Slot 0 says 2 to being a second moment", [](R& run) { run.slots[0].is_second_moment = 2; });
  momentum("Update 1 is of kind 3", [](R& run) { run.updates[1].kind = 3; });
  momentum("Update 0 has the target 1; there are 1 slots", [](R& run) { run.updates[0].target = 1; });
  momentum("Update 0 has the target -2", [](R& run) { run.updates[0].target = -2; });
  momentum("Update 2 has the coefficient 3; there are 3 coefficients", [](R& run) { run.updates[2].coefficient = 3; });
  momentum("Update 2 has the slot -1", [](R& run) { run.updates[2].slot = -1; });
  momentum("Update 2 drifts along direction 2", [](R& run) { run.updates[2].direction = 2; });
  momentum("Update 1 kicks by function 2", [](R& run) { run.updates[1].function = 2; });
  momentum("Update 1 kicks velocity by squares", [](R& run) { run.updates[1].function = HG_SQUARE; });
  momentum("Update 0 decays by learning rate, which has no ratios", [](R& run) { run.updates[0].coefficient = 2; });
  momentum("Update 1, a decay of velocity, is out of order", [](R& run) { std::swap(run.updates[0], run.updates[1]); });
  momentum("Update 2, a kick of velocity, is out of order", [](R& run) { std::swap(run.updates[1], run.updates[2]); });
  momentum("The learning rate of step 0, group 1 is nan", [](R& run) { run.coefficients[2].values[1] = std::nan(""); });
  momentum("The momentum of step 0, group 0 is the ratio 65537/65536", [](R& run) { run.coefficients[0].numerators[0] = 65537; });
  momentum("is the ratio 1/4194305", [](R& run) {
    run.coefficients[0].numerators[0] = 1;
    run.coefficients[0].denominators[0] = 4194305;
  });
  momentum("the value must be that of the ratio", [](R& run) { run.coefficients[0].values[0] += 1e-9; });
  momentum("The momentum has 1000 groups", [](R& run) { run.groups = 1000; });
  momentum("pattern of W1 is (-1, 1, 1)", [&](R& run) { pattern(run, -1, 1, 1); });
  momentum("pattern of W1 reaches group 4", [&](R& run) { pattern(run, 4, 1, 1); });
  momentum("goes round after 4 weights", [&](R& run) { pattern(run, 0, 4, 1); });
  momentum("group 1 has no weight", [&](R& run) { pattern(run, 0, 1, 1); });
  momentum("joins groups of different sizes", [](R& run) {
    const int32_t size = sizeof(hg_group_pattern);
    run.patterns = {{size, 0, 1, 1}, {size, 0, 5, 1}, {size, 5, 1, 1}, {size, 6, 1, 1}};
    run.groups = 7;
  });
  adam("Update 5 has the slots 0 and 0 for Adam's direction", [](R& run) { run.updates[5].second_slot = 0; });
  adam("Update 5 has the correction 9", [](R& run) { run.updates[5].correction = 9; });
  adam("Update 5 has the second correction -1", [](R& run) { run.updates[5].second_correction = -1; });
  adam("Update 5 has the epsilon 40", [](R& run) { run.updates[5].epsilon = 40; });
  adam("Update 5 drifts along second moment", [](R& run) {
    run.updates[5].direction = HG_SLOT_DIRECTION;
    run.updates[5].slot = 1;
  });
  adam("Update 4 kicks second moment by gradients", [](R& run) { run.updates[4].function = HG_GRADIENT; });
  adam("a second moment is kicked by at least 0", [](R& run) { run.coefficients[4].values[3] = -0.1; });
  adam("Update 5, a decay of the weights, is out of order", [](R& run) {
    const hg_update decay = run.updates.front();
    run.updates.erase(run.updates.begin());
    run.updates.push_back(decay);
  });
}

// A program of every operation; one of its parts is changed.
void expect_program_refused(const std::string& words, const std::function<void(TestProgram&)>& change,
                            hg_status status = HG_INVALID_ARGUMENT) {
  TrainingRun run;
  run.examples = 2;
  TestProgram& p = run.program = TestProgram(4 * 4 * 2);                                      // value 0
  const int32_t image = p.convolution(0, window(4, 4, 2, 3, 1, 1), 4, HG_TANH);               // operation 0
  const int32_t pooled = p.pool(p.activate(image, HG_GELU), window(4, 4, 4, 2, 2, 0), true);  // 1, 2
  const int32_t sum = p.add(p.normalize(pooled, 4, 2, 4), pooled);                            // 3, 4
  const int32_t scores = p.scores(p.drop(p.add_parameter(sum), 0.5), sum, 4, 4, 2);           // 5, 6, 7
  p.affine(p.mix(p.softmax(scores, 4, true), sum, 4, 4, 2), 4, 2);                            // 8, 9, 10
  run.outputs = 2;
  run.complete();
  change(run.program);
  expect_run_refused(
      run, words, [](hg_session_description&) {}, status);
}

TEST(Refusal, OfPrograms) {
  using P = TestProgram;
  expect_program_refused("The struct_size of hg_value is 0", [](P& p) { p.values[2].struct_size = 0; });
  expect_program_refused("The struct_size of hg_parameter is 8", [](P& p) { p.parameters[2].struct_size = 8; });
  expect_program_refused("The struct_size of hg_operation is 16", [](P& p) { p.operations[2].struct_size = 16; });
  expect_program_refused("The struct_size of hg_window is 16", [](P& p) { p.windows[0].struct_size = 16; });
  expect_program_refused("Value 2 has 0 numbers", [](P& p) { p.values[2].numbers = 0; });
  expect_program_refused("The parameter W1 has 0 × 4 weights", [](P& p) { p.parameters[0].rows = 0; });
  expect_program_refused("more than 1073741824 weights", [](P& p) { p.parameters[0].rows = p.parameters[0].columns = 50000; });
  expect_program_refused("Operation 3 is of kind 10", [](P& p) { p.operations[3].kind = 10; });
  expect_program_refused("Operation 3 is of kind -1", [](P& p) { p.operations[3].kind = -1; });
  expect_program_refused("Operation 0 (affine) writes value 0", [](P& p) { p.operations[0].output = 0; });
  expect_program_refused("Operation 0 (affine) writes value 12", [](P& p) { p.operations[0].output = 12; });
  expect_program_refused("Operation 1 (activate) reads value 12; there are 12 values", [](P& p) { p.operations[1].input = 12; });
  expect_program_refused("Operation 1 (activate) reads value -1", [](P& p) { p.operations[1].input = -1; });
  expect_program_refused("Operation 1 (activate) reads value 2, which no operation before it writes",
                         [](P& p) { p.operations[1].input = 2; });
  expect_program_refused("Operation 2 (pool) writes 16 numbers, and value 2 has 64", [](P& p) { p.operations[2].output = 2; });
  expect_program_refused("Operation 1 (activate) writes value 1, which is written already", [](P& p) { p.operations[1].output = 1; });
  expect_program_refused("which nothing reads; leave it out", [](P& p) { p.operations[2].input = 1; });
  expect_program_refused("is read by no operation; leave it out", [](P& p) { p.add_parameter_tensor("idle", 2, 2); });
  expect_program_refused("Operation 0 (affine) reads parameter 9; there are 7", [](P& p) { p.operations[0].first = 9; });
  expect_program_refused("Operation 0 (affine) reads parameter -1", [](P& p) { p.operations[0].second = -1; });
  expect_program_refused("Operation 0 (affine) has the activation 6", [](P& p) { p.operations[0].activation = 6; });
  expect_program_refused("has a bias of 4 weights and a matrix of 2 columns", [](P& p) { p.operations[10].second = 1; });
  expect_program_refused("Operation 10 (affine) reads 16 numbers, which do not divide into rows of 18",
                         [](P& p) { p.operations[10].first = 0, p.operations[10].second = 1; });
  expect_program_refused("has windows on images of 5 × 4 × 2 and reads 32 numbers", [](P& p) { p.windows[0].input_height = 5; });
  expect_program_refused("has windows of 2 × 3 × 2 and a matrix of 18 rows", [](P& p) { p.windows[0].kernel_height = 2; });
  expect_program_refused("a window must not be larger", [](P& p) { p.windows[0].kernel_height = 7; });
  expect_program_refused("has a window with a size of 0", [](P& p) { p.windows[0].stride_width = 0; });
  expect_program_refused("has a padding of -1", [](P& p) { p.windows[0].padding_width = -1; });
  expect_program_refused("has a padding of 1; it must be 0 for a pooling", [](P& p) { p.windows[1].padding_width = 1; });
  expect_program_refused("Operation 2 (pool) writes 36 numbers, and value 3 has 16",
                         [](P& p) { p.windows[1].stride_width = p.windows[1].stride_height = 1; });
  expect_program_refused(
      "Operation 2 (pool) has no window", [](P& p) { p.operations[2].window = nullptr; }, HG_NULL_ARGUMENT);
  expect_program_refused("choice of the maximum 2", [](P& p) { p.operations[2].is_maximum = 2; });
  expect_program_refused("Operation 4 (add) adds 16 numbers and 64", [](P& p) { p.operations[4].other = 1; });
  expect_program_refused("Operation 5 (add parameter) adds 4 weights to 16 numbers", [](P& p) { p.operations[5].first = 1; });
  expect_program_refused("has 4 scales and 16 shifts", [](P& p) { p.operations[3].second = 4; });
  expect_program_refused("has 3 groups, which do not divide its 4 channels", [](P& p) { p.operations[3].groups = 3; });
  expect_program_refused("do not divide into sets of 3 positions", [](P& p) { p.operations[3].positions = 3; });
  expect_program_refused("has the rate 1; it must be", [](P& p) { p.operations[6].rate = 1; });
  expect_program_refused("has the rate nan", [](P& p) { p.operations[6].rate = std::nan(""); });
  expect_program_refused("has the ordinal -1", [](P& p) { p.operations[6].ordinal = -1; });
  expect_program_refused("has 0 heads", [](P& p) { p.operations[7].heads = 0; });
  expect_program_refused("choice of the transpose 3", [](P& p) { p.operations[7].is_transposed = 3; });
  expect_program_refused("has the factor inf", [](P& p) { p.operations[7].factor = INFINITY; });
  expect_program_refused("has a left side of 2 matrices", [](P& p) { p.operations[7].left_head_stride = 3; });
  expect_program_refused("has a right side of 2 matrices", [](P& p) { p.operations[7].right_row_stride = 1; });
  expect_program_refused("has a result of 2 matrices", [](P& p) { p.operations[7].result_row_stride = 3; });
  expect_program_refused("its matrices must lie one after the other, or side by side",
                         [](P& p) { p.operations[7].result_head_stride = 8; });
  expect_program_refused("Operation 7 (batched product) writes 16 numbers, and value 8 has 32", [](P& p) { p.operations[7].heads = 1; });
  expect_program_refused("do not divide into rows of 5", [](P& p) { p.operations[8].columns = 5; });
  expect_program_refused("they must be square", [](P& p) { p.operations[8].rows = 8; });
  expect_program_refused("choice of the causal mask 2", [](P& p) { p.operations[8].is_causal = 2; });
}

TEST(Refusal, OfTokens) {
  TrainingRun run;
  run.program = TestProgram(3, 5);
  run.program.affine(run.program.embed(2), 6, 2);
  run.complete();
  const auto refused = [&](const char* words, const std::function<void(TrainingRun&)>& change) {
    TrainingRun changed = run;
    change(changed);
    expect_run_refused(changed, words, [](hg_session_description&) {});
  };
  refused("Example 1 of inputs holds 5 at position 1; it must be a whole number from 0 to 4", [](TrainingRun& r) { r.inputs[4] = 5; });
  refused("holds 0.5 at position 0", [](TrainingRun& r) { r.inputs[0] = 0.5; });
  refused("holds -1 at position 0", [](TrainingRun& r) { r.inputs[0] = -1; });
  refused("has a table of 5 rows for a vocabulary of 6", [](TrainingRun& r) { r.program.vocabulary = 6; });
  refused("reads tokens, which value 0 of a program with a vocabulary alone has", [](TrainingRun& r) { r.program.vocabulary = 0; });
  OpenRun open(run);
  hg_handle made = 0;
  expect_refused(hg_data_vector_create(open.session, HG_INPUTS, &made), HG_INVALID_ARGUMENT, "The inputs are tokens");
  const double token = 7;
  expect_refused(
      hg_dataset_create(open.session, 1, std::vector<double>(3, token).data(), HG_DOUBLE, run.targets.data(), HG_DOUBLE, 0, &made),
      HG_INVALID_ARGUMENT, "holds 7 at position 0");
}

TEST(Refusal, OfADataVectorOfClassNumbers) {
  TrainingRun run;
  run.class_targets = true;
  run.complete();
  OpenRun open(run);
  hg_handle made = 0;
  expect_refused(hg_data_vector_create(open.session, HG_TARGETS, &made), HG_INVALID_ARGUMENT, "The targets are class numbers");
}

}  // namespace
}  // namespace hypergrad::testing
