// Examples that are checked and copied once for all sessions of a context.
#include <limits>

#include "computed.h"
#include "open_run.h"

namespace hypergrad::testing {
namespace {

class SharedDataset : public ::testing::Test {
 protected:
  SharedDataset() {
    run.complete();
    HG_EXPECT_OK(create_context(&context));
  }
  ~SharedDataset() override { HG_EXPECT_OK(hg_destroy(context)); }

  hg_status create(hg_handle* dataset, int32_t classes = 0, const std::vector<double>* targets = nullptr) {
    const std::vector<double>& given = targets != nullptr ? *targets : run.targets;
    return hg_shared_dataset_create(context, run.examples, run.input_size(), run.inputs.data(), HG_DOUBLE,
                                    static_cast<int32_t>(given.size()) / run.examples, given.data(), HG_DOUBLE, classes, dataset);
  }

  // The run's description with its examples in the dataset alone.
  hg_session_description described_with(hg_handle dataset) const {
    hg_session_description description = run.description();
    description.dataset = dataset;
    description.inputs = description.targets = nullptr;
    description.examples = 0;
    return description;
  }

  std::vector<double> gradient_of(const hg_session_description& description) {
    hg_handle session = 0, weights = 0, gradient = 0;
    std::vector<double> numbers(static_cast<size_t>(run.weights));
    HG_EXPECT_OK(hg_session_create(context, &description, &session));
    HG_EXPECT_OK(hg_session_weights(session, &weights));
    HG_EXPECT_OK(hg_session_gradient(session, &gradient));
    HG_EXPECT_OK(hg_vector_write(session, weights, 0, 0, run.weights, run.initial.data()));
    HG_EXPECT_OK(hg_session_evaluate_gradient(session, 1));
    HG_EXPECT_OK(hg_vector_read(session, gradient, 0, 0, run.weights, numbers.data()));
    HG_EXPECT_OK(hg_destroy(session));
    return numbers;
  }

  TrainingRun run;
  hg_handle context = 0;
};

TEST_F(SharedDataset, TrainsSessionsAsTheirOwnExamplesDo) {
  const std::vector<double> expected = gradient_of(run.description());
  hg_handle dataset = 0;
  HG_ASSERT_OK(create(&dataset));
  for (int turn = 0; turn < 2; turn++) EXPECT_EQ(gradient_of(described_with(dataset)), expected);
}

TEST_F(SharedDataset, IsCopiedOnce) {
  hg_handle dataset = 0, own = 0, first = 0, second = 0;
  int64_t before = 0, with_dataset = 0, with_own = 0, with_first = 0, with_second = 0;
  HG_ASSERT_OK(hg_live_bytes(&before));
  HG_ASSERT_OK(hg_session_create(context, &run.description(), &own));
  HG_ASSERT_OK(hg_live_bytes(&with_own));
  HG_ASSERT_OK(hg_destroy(own));
  HG_ASSERT_OK(create(&dataset));
  HG_ASSERT_OK(hg_live_bytes(&with_dataset));
  const int64_t examples = static_cast<int64_t>((run.inputs.size() + run.targets.size()) * sizeof(double));
  EXPECT_EQ(with_dataset - before, examples);
  const hg_session_description description = described_with(dataset);
  HG_ASSERT_OK(hg_session_create(context, &description, &first));
  HG_ASSERT_OK(hg_live_bytes(&with_first));
  EXPECT_EQ(with_first - with_dataset, with_own - before - examples);
  HG_ASSERT_OK(hg_session_create(context, &description, &second));
  HG_ASSERT_OK(hg_live_bytes(&with_second));
  EXPECT_EQ(with_second - with_first, with_first - with_dataset);
  // It goes when nobody uses it any more.
  HG_ASSERT_OK(hg_destroy(dataset));
  HG_ASSERT_OK(hg_live_bytes(&before));
  EXPECT_EQ(before, with_second);
  expect_refused(hg_destroy(context), HG_WRONG_ORDER, "The context has 2 sessions");
  HG_ASSERT_OK(hg_session_evaluate_gradient(second, 0));
  HG_ASSERT_OK(hg_destroy(first));
  HG_ASSERT_OK(hg_destroy(second));
  HG_ASSERT_OK(hg_live_bytes(&with_own));
  EXPECT_EQ(with_own, before - 2 * (with_first - with_dataset) - examples);
}

TEST_F(SharedDataset, IsEvaluatedOn) {
  hg_handle dataset = 0, own = 0, session = 0, weights = 0;
  HG_ASSERT_OK(create(&dataset));
  HG_ASSERT_OK(hg_session_create(context, &run.description(), &session));
  HG_ASSERT_OK(hg_session_weights(session, &weights));
  HG_ASSERT_OK(hg_vector_write(session, weights, 0, 0, run.weights, run.initial.data()));
  HG_ASSERT_OK(hg_dataset_create(session, run.examples, run.inputs.data(), HG_DOUBLE, run.targets.data(), HG_DOUBLE, 0, &own));
  double expected[2] = {}, actual[2] = {};
  HG_ASSERT_OK(hg_session_evaluate(session, own, 0, &expected[0], &expected[1]));
  HG_ASSERT_OK(hg_session_evaluate(session, dataset, 0, &actual[0], &actual[1]));
  EXPECT_EQ(actual[0], expected[0]);
  EXPECT_EQ(actual[1], expected[1]);
  // One of a session is no other session's, and not to be trained on.
  const hg_session_description description = described_with(own);
  hg_handle refused = 0;
  expect_refused(hg_session_create(context, &description, &refused), HG_INVALID_HANDLE, "The dataset belongs to a session");
  HG_ASSERT_OK(hg_destroy(session));
}

TEST_F(SharedDataset, ThatDoesNotFitIsRefused) {
  hg_handle dataset = 0, session = 0, other = 0;
  HG_ASSERT_OK(hg_shared_dataset_create(context, 2, 2, run.inputs.data(), HG_DOUBLE, 2, run.targets.data(), HG_DOUBLE, 0, &dataset));
  hg_session_description description = described_with(dataset);
  expect_refused(hg_session_create(context, &description, &session), HG_INVALID_ARGUMENT,
                 "The dataset has inputs of 2 numbers and targets of 2; the program takes 3 and 2.");
  expect_refused(hg_shared_dataset_create(context, 0, 2, run.inputs.data(), HG_DOUBLE, 2, run.targets.data(), HG_DOUBLE, 0, &dataset),
                 HG_INVALID_ARGUMENT, "There are 0 examples");
  expect_refused(hg_shared_dataset_create(context, 2, 0, run.inputs.data(), HG_DOUBLE, 2, run.targets.data(), HG_DOUBLE, 0, &dataset),
                 HG_INVALID_ARGUMENT, "An input has 0 numbers");
  expect_refused(hg_shared_dataset_create(context, 2, 2, nullptr, HG_DOUBLE, 2, run.targets.data(), HG_DOUBLE, 0, &dataset),
                 HG_NULL_ARGUMENT, "'inputs' is null");
  expect_refused(create(&dataset, 2), HG_INVALID_ARGUMENT, "has_class_targets is 2");
  run.inputs[4] = std::numeric_limits<double>::infinity();
  expect_refused(create(&dataset), HG_INVALID_ARGUMENT, "Example 1 of inputs holds a number at position 1 that is not finite");
  run.inputs[4] = 0;

  // Class numbers are below the number of classes, of which there are two.
  std::vector<double> classes{0, 1, 1, 0, 1, 0, 1};
  HG_ASSERT_OK(create(&dataset, 1, &classes));
  description = described_with(dataset);
  HG_ASSERT_OK(hg_session_create(context, &description, &session));
  HG_ASSERT_OK(hg_destroy(session));
  classes[5] = 2;
  HG_ASSERT_OK(create(&dataset, 1, &classes));
  description = described_with(dataset);
  expect_refused(hg_session_create(context, &description, &session), HG_INVALID_ARGUMENT,
                 "Example 5 of targets holds 2 at position 0; it must be a whole number from 0 to 1.");
  classes[3] = 0.5;
  HG_ASSERT_OK(create(&dataset, 1, &classes));
  description = described_with(dataset);
  expect_refused(hg_session_create(context, &description, &session), HG_INVALID_ARGUMENT, "Example 3 of targets holds 0.5");

  // Examples of another context are elsewhere.
  HG_ASSERT_OK(create_context(&other));
  description = described_with(dataset);
  expect_refused(hg_session_create(other, &description, &session), HG_INVALID_HANDLE, "The dataset belongs to another context");
  HG_ASSERT_OK(hg_destroy(other));
}

TEST_F(SharedDataset, ServesAWholeHypergradient) {
  ComputeCall own(run), shared(run);
  HG_ASSERT_OK(own());
  hg_handle dataset = 0;
  HG_ASSERT_OK(create(&dataset));
  shared.description = described_with(dataset);
  HG_ASSERT_OK(hg_hypergradient_compute(context, &shared.request, &shared.result));
  EXPECT_EQ(shared.gradient().weights, own.gradient().weights);
  EXPECT_EQ(shared.gradient().inputs, own.gradient().inputs);
  shared.request.inputs = shared.request.validation_inputs;
  expect_refused(hg_hypergradient_compute(context, &shared.request, &shared.result), HG_INVALID_ARGUMENT, "The examples are given twice");
}

}  // namespace
}  // namespace hypergrad::testing
