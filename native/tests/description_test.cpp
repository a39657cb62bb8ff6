// Every number of a session's description that makes no sense is refused, with a message that names it.
#include <cmath>
#include <functional>

#include "run.h"

namespace hypergrad::testing {
namespace {

// A session is refused for a description that was changed.
void expect_description_refused(const std::string& words, const std::function<void(hg_session_description&)>& change,
                                hg_status status = HG_INVALID_ARGUMENT) {
  TrainingRun run;
  run.complete();
  hg_session_description description = run.description();
  change(description);
  hg_handle context = 0, session = 0;
  HG_ASSERT_OK(create_context(&context));
  expect_refused(hg_session_create(context, &description, &session), status, words);
  EXPECT_EQ(session, 0u);
  HG_EXPECT_OK(hg_destroy(context));
}

TEST(Refusal, OfDescriptions) {
  using D = hg_session_description;
  static const std::vector<int32_t> empty_layer{3, 0, 2}, huge{50000, 50000, 2};
  static std::vector<double> not_finite(1000, std::nan("")), two(1000, 2.0);
  static const std::vector<int64_t> empty_batch{0, 0, 1, 2, 3, 4, 5}, late{1, 2, 3, 4, 5, 6, 7};
  static const std::vector<int32_t> far(100, 7);
  static const std::vector<hg_group_pattern> negative(4, {-1, 1, 1}), far_group(4, {4, 1, 1}), ragged(4, {0, 4, 1}),
      mixed{{0, 1, 1}, {0, 5, 1}, {5, 1, 1}, {6, 1, 1}}, unused(4, {0, 1, 1});
  expect_description_refused(
      "'layers' is null", [](D& d) { d.layers = nullptr; }, HG_NULL_ARGUMENT);
  expect_description_refused(
      "'inputs' is null", [](D& d) { d.inputs = nullptr; }, HG_NULL_ARGUMENT);
  expect_description_refused(
      "'targets' is null", [](D& d) { d.targets = nullptr; }, HG_NULL_ARGUMENT);
  expect_description_refused(
      "'batch_offsets' is null", [](D& d) { d.batch_offsets = nullptr; }, HG_NULL_ARGUMENT);
  expect_description_refused(
      "'batch_examples' is null", [](D& d) { d.batch_examples = nullptr; }, HG_NULL_ARGUMENT);
  expect_description_refused(
      "'learning_rate_patterns' is null", [](D& d) { d.learning_rate_patterns = nullptr; }, HG_NULL_ARGUMENT);
  expect_description_refused(
      "'momentum_patterns' is null", [](D& d) { d.momentum_patterns = nullptr; }, HG_NULL_ARGUMENT);
  expect_description_refused(
      "'learning_rates' is null", [](D& d) { d.learning_rates = nullptr; }, HG_NULL_ARGUMENT);
  expect_description_refused(
      "'momenta' is null", [](D& d) { d.momenta = nullptr; }, HG_NULL_ARGUMENT);
  expect_description_refused("1 layer sizes", [](D& d) { d.layer_count = 1; });
  expect_description_refused("-5 layer sizes", [](D& d) { d.layer_count = -5; });
  expect_description_refused("Layer 1 has size 0", [](D& d) { d.layers = empty_layer.data(); });
  expect_description_refused("more than 1073741824 weights", [](D& d) { d.layers = huge.data(); });
  expect_description_refused("The activation is 6", [](D& d) { d.activation = 6; });
  expect_description_refused("The loss is -1", [](D& d) { d.loss = -1; });
  expect_description_refused("The precision is 2", [](D& d) { d.precision = 2; });
  expect_description_refused("The sampling is 4", [](D& d) { d.sampling = 4; });
  expect_description_refused("The type of inputs is 3", [](D& d) { d.input_type = 3; });
  expect_description_refused("The type of targets is -1", [](D& d) { d.target_type = -1; });
  expect_description_refused("permission of TF32 is 2", [](D& d) { d.allow_tf32 = 2; });
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
  expect_description_refused("The learning rate of step 0, group 0 is nan", [](D& d) { d.learning_rates = not_finite.data(); });
  expect_description_refused("The momentum of step 0, group 0 is 2", [](D& d) { d.momenta = two.data(); });
  expect_description_refused("The L2 penalty of weight 0 is nan", [](D& d) { d.l2 = not_finite.data(); });
  expect_description_refused("The L1 penalty of weight 0 is nan", [](D& d) { d.l1 = not_finite.data(); });
  expect_description_refused("The learning rate has 0 groups", [](D& d) { d.learning_rate_groups = 0; });
  expect_description_refused("The momentum has 1000 groups", [](D& d) { d.momentum_groups = 1000; });
  expect_description_refused("pattern of W1 is (-1, 1, 1)", [](D& d) { d.momentum_patterns = negative.data(); });
  expect_description_refused("pattern of W1 reaches group 4", [](D& d) { d.learning_rate_patterns = far_group.data(); });
  expect_description_refused("goes round after 4 weights", [](D& d) { d.momentum_patterns = ragged.data(); });
  expect_description_refused("joins groups of different sizes", [](D& d) { d.momentum_patterns = mixed.data(), d.momentum_groups = 7; });
  expect_description_refused("group 1 has no weight", [](D& d) { d.momentum_patterns = unused.data(); });
}

}  // namespace
}  // namespace hypergrad::testing
