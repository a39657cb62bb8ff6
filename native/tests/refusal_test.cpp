// Every entry point refuses what makes no sense, with a status and a message that names it.
#include <cmath>
#include <limits>

#include "open_run.h"

namespace hypergrad::testing {
namespace {

// A session to call with arguments that make no sense.
class Call : public ::testing::Test {
 protected:
  Call() : open(run.complete()), adjoint(open) {
    open.start_exactly();
    vector = open.vector();
    HG_EXPECT_OK(hg_coefficient_vector_create(open.session, 2, &table));
    HG_EXPECT_OK(hg_data_vector_create(open.session, HG_INPUTS, &data));
    HG_EXPECT_OK(hg_history_create(open.session, 2, &history));
    HG_EXPECT_OK(hg_dataset_create(open.session, run.examples, run.inputs.data(), HG_DOUBLE, run.targets.data(), HG_DOUBLE, 0, &dataset));
  }

  TrainingRun run;
  OpenRun open;
  OpenAdjoint adjoint;
  hg_handle vector = 0, table = 0, data = 0, history = 0, dataset = 0, made = 0;
  double numbers[64] = {};
  int64_t bytes = 0;
  int32_t number = 0;
  const hg_handle none = 0;
};

TEST_F(Call, WithNullSessions) {
  const auto refused = [](hg_status status) { expect_refused(status, HG_NULL_ARGUMENT, "is 0"); };
  int64_t xs[4];
  uint64_t lower[4];
  uint32_t ss[4];
  uint8_t planes[4];
  uint64_t hashes[4];
  refused(hg_session_weight_count(0, &number));
  refused(hg_session_weights(0, &made));
  refused(hg_session_slot(0, 0, &made));
  refused(hg_session_gradient(0, &made));
  refused(hg_session_fault(0, &number, &number, &number, &number));
  refused(hg_session_synchronize(0));
  refused(hg_session_evaluate_gradient(0, 0));
  refused(hg_session_evaluate_tangent(0, 0, vector, vector, 0));
  refused(hg_session_add_penalty_tangent(0, vector, vector, 0));
  refused(hg_session_advance(0, 0));
  refused(hg_session_pull_back_drifts(0, 0, &adjoint.parts));
  refused(hg_session_pull_back_kicks(0, 0, &adjoint.parts, vector, 0));
  refused(hg_session_pull_back_decays(0, 0, &adjoint.parts));
  refused(hg_session_training_losses(0, 0, numbers));
  refused(hg_session_minibatch(0, 0, 0, 0, nullptr, &number));
  refused(hg_dataset_create(0, 1, numbers, HG_DOUBLE, numbers, HG_DOUBLE, 0, &made));
  refused(hg_session_evaluate(0, dataset, 0, numbers, numbers));
  refused(hg_body_begin(0));
  refused(hg_body_end(0, &made));
  refused(hg_body_cancel(0));
  refused(hg_body_run(0, 0, 0, 1, 0));
  refused(hg_vector_create(0, &made));
  refused(hg_vector_write(0, vector, 0, 0, 1, numbers));
  refused(hg_vector_read(0, vector, 0, 0, 1, numbers));
  refused(hg_vector_copy(0, vector, vector));
  refused(hg_vector_clear(0, vector));
  refused(hg_vector_add(0, vector, vector));
  refused(hg_coefficient_vector_create(0, 0, &made));
  refused(hg_coefficient_vector_read(0, table, 0, 1, numbers));
  refused(hg_data_vector_create(0, 1, &made));
  refused(hg_data_vector_read(0, data, 1, 0, 0, 1, numbers));
  refused(hg_history_create(0, 1, &made));
  refused(hg_history_save(0, history, 0));
  refused(hg_history_load_weights(0, history, 0));
  refused(hg_history_load_slots(0, history, 0));
  refused(hg_line_path_create(0, 2, &number, &made));
  refused(hg_line_path_save_knot(0, 0, 0));
  refused(hg_line_path_recall_weights(0, 0, 0));
  refused(hg_line_path_recall_velocity(0, 0, 0));
  refused(hg_line_path_recall_last_velocity(0, 0));
  refused(hg_reversible_create(0, &made));
  refused(hg_reversible_start(0, open.state, 0, 0, 1, numbers));
  refused(hg_reversible_advance(0, open.state, 0));
  refused(hg_reversible_begin_retreat(0, open.state));
  refused(hg_reversible_retreat_weights(0, open.state, 0));
  refused(hg_reversible_retreat_slots(0, open.state, 0));
  refused(hg_reversible_hash(0, open.state, hashes));
  refused(hg_reversible_equals_start(0, open.state, 0, 0, 1, numbers, &number));
  refused(hg_reversible_spilled_bytes(0, open.state, &bytes));
  refused(hg_reversible_resident_bytes(0, open.state, &bytes));
  refused(hg_reversible_plane_bytes(0, open.state, 0, 0, &bytes));
  refused(hg_reversible_read_numbers(0, open.state, -1, 0, 0, 1, xs));
  refused(hg_reversible_read_lower_words(0, open.state, 0, 0, 0, 1, lower));
  refused(hg_reversible_read_stores(0, open.state, 0, 0, 0, 1, ss));
  refused(hg_reversible_read_planes(0, open.state, 0, 0, 0, 0, 1, planes));
  refused(hg_context_is_device(0, &number));
  refused(hg_context_synchronize(0));
}

TEST_F(Call, WithNullPointers) {
  const auto refused = [](hg_status status) { expect_refused(status, HG_NULL_ARGUMENT, "is null"); };
  const hg_handle s = open.session;
  const hg_session_description& description = run.description();
  refused(hg_live_bytes(nullptr));
  refused(hg_layout(nullptr, nullptr, &bytes));
  refused(hg_layout("hg_group_pattern", nullptr, nullptr));
  refused(hg_entry_point(0, nullptr));
  refused(hg_device_count(nullptr));
  refused(hg_device_query(0, nullptr));
  refused(hg_context_create_device(0, nullptr));
  refused(hg_context_create_host(nullptr));
  refused(hg_context_is_device(open.context, nullptr));
  refused(hg_context_products(open.context, nullptr));
  refused(hg_session_create(open.context, nullptr, &made));
  refused(hg_session_create(open.context, &description, nullptr));
  refused(hg_session_weight_count(s, nullptr));
  refused(hg_session_weights(s, nullptr));
  refused(hg_session_slot(s, 0, nullptr));
  refused(hg_session_pull_back_drifts(s, 0, nullptr));
  refused(hg_session_pull_back_kicks(s, 0, nullptr, vector, 0));
  refused(hg_session_pull_back_decays(s, 0, nullptr));
  hg_adjoint parts = adjoint.parts;
  parts.slots = nullptr;
  refused(hg_session_pull_back_drifts(s, 0, &parts));
  parts = adjoint.parts;
  parts.coefficients = nullptr;
  refused(hg_session_pull_back_drifts(s, 0, &parts));
  refused(hg_session_gradient(s, nullptr));
  refused(hg_session_fault(s, nullptr, &number, &number, &number));
  refused(hg_session_training_losses(s, 0, nullptr));
  refused(hg_session_minibatch(s, 0, 0, 0, nullptr, nullptr));
  refused(hg_dataset_create(s, 1, nullptr, HG_DOUBLE, numbers, HG_DOUBLE, 0, &made));
  refused(hg_dataset_create(s, 1, numbers, HG_DOUBLE, nullptr, HG_DOUBLE, 0, &made));
  refused(hg_dataset_create(s, 1, numbers, HG_DOUBLE, numbers, HG_DOUBLE, 0, nullptr));
  refused(hg_session_evaluate(s, dataset, 0, nullptr, numbers));
  refused(hg_session_evaluate(s, dataset, 0, numbers, nullptr));
  refused(hg_body_end(s, nullptr));
  refused(hg_vector_create(s, nullptr));
  refused(hg_vector_write(s, vector, 0, 0, 1, nullptr));
  refused(hg_vector_read(s, vector, 0, 0, 1, nullptr));
  refused(hg_coefficient_vector_create(s, 0, nullptr));
  refused(hg_coefficient_vector_read(s, table, 0, 24, nullptr));
  refused(hg_data_vector_create(s, 1, nullptr));
  refused(hg_data_vector_read(s, data, 1, 0, 0, 1, nullptr));
  refused(hg_history_create(s, 1, nullptr));
  refused(hg_line_path_create(s, 2, nullptr, &made));
  refused(hg_reversible_create(s, nullptr));
  refused(hg_reversible_start(s, open.state, 0, 0, 1, nullptr));
  refused(hg_reversible_hash(s, open.state, nullptr));
  refused(hg_reversible_equals_start(s, open.state, 0, 0, 1, nullptr, &number));
  refused(hg_reversible_equals_start(s, open.state, 0, 0, 1, numbers, nullptr));
  refused(hg_reversible_spilled_bytes(s, open.state, nullptr));
  refused(hg_reversible_resident_bytes(s, open.state, nullptr));
  refused(hg_reversible_plane_bytes(s, open.state, 0, 0, nullptr));
  refused(hg_reversible_read_numbers(s, open.state, -1, 0, 0, 1, nullptr));
  refused(hg_reversible_read_lower_words(s, open.state, 0, 0, 0, 1, nullptr));
  refused(hg_reversible_read_stores(s, open.state, 0, 0, 0, 1, nullptr));
  refused(hg_reversible_read_planes(s, open.state, 0, 0, 0, 0, 0, nullptr));
}

TEST_F(Call, WithNumbersOutOfRange) {
  const auto refused = [](hg_status status, const char* words) { expect_refused(status, HG_INVALID_ARGUMENT, words); };
  const hg_handle s = open.session;
  const int32_t most = std::numeric_limits<int32_t>::max();
  const int64_t far = std::numeric_limits<int64_t>::max();
  uint8_t byte = 0;
  refused(hg_session_evaluate_gradient(s, run.steps), "Step or slot 6");
  refused(hg_session_evaluate_gradient(s, -2), "Step or slot -2");
  refused(hg_session_advance(s, most), "Step or slot");
  refused(hg_session_slot(s, 1, &made), "There are 1 slots, numbered from 0; slot 1");
  refused(hg_session_pull_back_drifts(s, 6, &adjoint.parts), "Step or slot 6");
  refused(hg_session_pull_back_kicks(s, 6, &adjoint.parts, vector, 0), "Step or slot 6");
  refused(hg_session_pull_back_kicks(s, 0, &adjoint.parts, vector, 2), "add is 2");
  refused(hg_session_pull_back_decays(s, 6, &adjoint.parts), "Step or slot 6");
  hg_adjoint parts = adjoint.parts;
  parts.struct_size = 3;
  refused(hg_session_pull_back_drifts(s, 0, &parts), "The struct_size of hg_adjoint is 3");
  parts = adjoint.parts;
  parts.slot_count = 2;
  refused(hg_session_pull_back_drifts(s, 0, &parts), "The adjoint has 2 slots and 3 coefficients; the optimizer has 1 and 3");
  refused(hg_dataset_create(s, 1, numbers, HG_DOUBLE, numbers, HG_DOUBLE, 2, &made), "has_class_targets is 2");
  hg_device_properties properties{};
  refused(hg_device_query(0, &properties), "The struct_size of hg_device_properties is 0");
  refused(hg_session_training_losses(s, 1, numbers), "replica 1");
  refused(hg_session_minibatch(s, 6, 0, 0, nullptr, &number), "Step 6");
  refused(hg_session_minibatch(s, 0, -1, 0, nullptr, &number), "replica -1");
  refused(hg_session_minibatch(s, 0, 0, 0, &number, &number), "room for 0");
  refused(hg_dataset_create(s, 0, numbers, HG_DOUBLE, numbers, HG_DOUBLE, 0, &made), "0 examples");
  refused(hg_dataset_create(s, 1, numbers, 7, numbers, HG_DOUBLE, 0, &made), "The type of inputs is 7");
  refused(hg_vector_write(s, vector, 0, 0, run.weights + 1, numbers), "weights");
  refused(hg_vector_write(s, vector, 0, -1, 1, numbers), "from -1 on");
  refused(hg_vector_read(s, vector, 0, most, most, numbers), "weights");
  refused(hg_vector_read(s, vector, 0, 0, -1, numbers), "-1 from 0 on");
  refused(hg_vector_read(s, vector, 2, 0, 1, numbers), "replica 2");
  refused(hg_coefficient_vector_create(s, 3, &made), "There are 3 coefficients, numbered from 0; coefficient 3");
  refused(hg_coefficient_vector_create(s, -1, &made), "coefficient -1");
  refused(hg_coefficient_vector_read(s, table, 0, 23, numbers), "has 24 numbers; 23");
  refused(hg_data_vector_create(s, 0, &made), "The parts are 0");
  refused(hg_data_vector_create(s, 8, &made), "The parts are 8");
  refused(hg_data_vector_read(s, data, 3, 0, 0, 1, numbers), "The part is 3");
  refused(hg_data_vector_read(s, data, HG_TARGETS, 0, 0, 1, numbers), "Part 2 was not asked for");
  refused(hg_data_vector_read(s, data, HG_INPUTS, 0, far, far, numbers), "has 21 numbers");
  refused(hg_history_create(s, 0, &made), "0 states");
  refused(hg_history_load_weights(s, history, 2), "from 0 to 1");
  refused(hg_history_load_slots(s, history, -7), "from 0 to 1");
  refused(hg_reversible_start(s, open.state, 0, 0, 0, numbers), "at least one weight");
  numbers[0] = 2048;
  refused(hg_reversible_start(s, open.state, 0, 0, 1, numbers), "The initial weight 0 is 2048");
  numbers[0] = std::nan("");
  refused(hg_reversible_start(s, open.state, 0, 0, 1, numbers), "The initial weight 0 is nan");
  refused(hg_reversible_plane_bytes(s, open.state, 0, 4, &bytes), "group 4");
  refused(hg_reversible_plane_bytes(s, open.state, 1, 0, &bytes), "There are 1 decays, numbered from 0; decay 1");
  refused(hg_reversible_read_planes(s, open.state, 0, 0, -1, 0, 0, &byte), "group -1");
  refused(hg_reversible_read_planes(s, open.state, -1, 0, 0, 0, 0, &byte), "decay -1");
  refused(hg_reversible_read_planes(s, open.state, 0, 0, 0, 0, far, &byte), "The planes of group 0");
  int64_t x = 0;
  uint64_t lower = 0;
  uint32_t store = 0;
  refused(hg_reversible_read_numbers(s, open.state, 1, 0, 0, 1, &x), "There are 1 slots, numbered from 0; slot 1");
  refused(hg_reversible_read_numbers(s, open.state, -2, 0, 0, 1, &x), "slot -2");
  refused(hg_reversible_read_numbers(s, open.state, 0, 1, 0, 1, &x), "replica 1");
  refused(hg_reversible_read_lower_words(s, open.state, 0, 0, 0, 1, &lower), "Slot 0 is no second moment");
  refused(hg_reversible_read_stores(s, open.state, 3, 0, 0, 1, &store), "decay 3");
  refused(hg_reversible_read_stores(s, open.state, 0, 0, run.weights, 1, &store), "weights");
  refused(hg_entry_point(-1, nullptr == nullptr ? reinterpret_cast<const char**>(&made) : nullptr), "number -1");
}

TEST_F(Call, WithVectorsThatAreOne) {
  const hg_handle s = open.session;
  const auto refused = [](hg_status status, const char* words) { expect_refused(status, HG_INVALID_ARGUMENT, words); };
  refused(hg_session_evaluate_tangent(s, 0, vector, vector, 0), "The product is the direction");
  refused(hg_session_evaluate_tangent(s, 0, vector, open.weights, 0), "a vector of its own");
  refused(hg_session_evaluate_tangent(s, 0, vector, open.gradient, 0), "a vector of its own");
  refused(hg_session_add_penalty_tangent(s, vector, vector, 0), "a vector of its own");
  refused(hg_session_add_penalty_tangent(s, open.slots[0], vector, vector), "l2 and l1 are one vector");
  refused(hg_session_pull_back_kicks(s, 0, &adjoint.parts, open.gradient, 0), "give it one of its own");
  refused(hg_session_pull_back_kicks(s, 0, &adjoint.parts, adjoint.weights, 0), "give it one of its own");
  refused(hg_session_pull_back_kicks(s, 0, &adjoint.parts, adjoint.slots[0], 0), "give it one of its own");
  hg_adjoint parts = adjoint.parts;
  for (const hg_handle own : {open.weights, open.gradient, open.slots[0], adjoint.slots[0]}) {
    parts.weights = own;
    refused(hg_session_pull_back_drifts(s, 0, &parts), "give each part a vector of its own");
  }
  parts = adjoint.parts;
  const std::vector<hg_handle> crossed{adjoint.coefficients[1], 0, 0};
  parts.coefficients = crossed.data();
  refused(hg_session_pull_back_drifts(s, 0, &parts), "The table of coefficient 0 is of another coefficient");
  refused(hg_session_evaluate(s, dataset, open.weights, numbers, numbers), "give it another vector");
}

TEST_F(Call, InTheWrongOrder) {
  const hg_handle s = open.session;
  const auto refused = [](hg_status status, const char* words) { expect_refused(status, HG_WRONG_ORDER, words); };
  refused(hg_reversible_advance(s, open.state, 1), "the next step is 0");
  refused(hg_reversible_begin_retreat(s, open.state), "after the last step, 5");
  refused(hg_reversible_retreat_weights(s, open.state, 0), "begin the way back first");
  refused(hg_reversible_retreat_slots(s, open.state, 0), "begin the way back first");
  refused(hg_reversible_start(s, open.state, 0, 3, 1, numbers), "comes in order");
  HG_EXPECT_OK(hg_reversible_start(s, open.state, 0, 0, 3, run.initial.data()));
  refused(hg_reversible_start(s, open.state, 0, 4, 1, numbers), "comes in order");
  refused(hg_reversible_advance(s, open.state, 0), "start the exact state first");
  open.start_exactly();
  for (int32_t step = 0; step < run.steps; step++) HG_EXPECT_OK(hg_reversible_advance(s, open.state, step));
  HG_EXPECT_OK(hg_reversible_begin_retreat(s, open.state));
  refused(hg_reversible_begin_retreat(s, open.state), "begins once");
  refused(hg_reversible_advance(s, open.state, 5), "Step 5 cannot be taken now");
  refused(hg_reversible_retreat_weights(s, open.state, 4), "steps left to undo: 6");
  refused(hg_reversible_retreat_slots(s, open.state, 5), "undo its weights first");
  HG_EXPECT_OK(hg_reversible_retreat_weights(s, open.state, 5));
  refused(hg_reversible_retreat_weights(s, open.state, 5), "undone already");
  HG_EXPECT_OK(hg_reversible_retreat_slots(s, open.state, 5));
  refused(hg_reversible_retreat_slots(s, open.state, 5), "steps left to undo: 5");
}

TEST(Refusal, OfAMomentumOfZeroInTheExactState) {
  TrainingRun run;
  run.complete();
  run.momenta[2] = 0;
  run.lower();
  const OpenRun open(run);
  hg_handle state = 0;
  expect_refused(hg_reversible_create(open.session, &state), HG_INVALID_ARGUMENT,
                 "The momentum of step 0, group 2 is 0, which cannot be reversed");
}

TEST(Refusal, OfAKickOfTheWeightsInTheExactState) {
  TrainingRun run;
  run.optimizer = OptimizerKind::nesterov;
  run.complete();
  const OpenRun open(run);
  hg_handle state = 0;
  expect_refused(hg_reversible_create(open.session, &state), HG_INVALID_ARGUMENT, "Update 3 kicks the weights, which cannot be reversed");
}

TEST(Refusal, OfADeviceThatIsNotThere) {
  int32_t count = -1;
  HG_ASSERT_OK(hg_device_count(&count));
  hg_handle context = 0;
  const hg_status expected = count == 0 ? HG_UNSUPPORTED : HG_INVALID_ARGUMENT;
  hg_device_properties properties{};
  properties.struct_size = sizeof properties;
  EXPECT_EQ(hg_context_create_device(count, &context), expected);
  EXPECT_EQ(hg_context_create_device(-1, &context), expected);
  EXPECT_EQ(hg_device_query(count, &properties), expected);
  EXPECT_STRNE(hg_last_error(), "");
}

}  // namespace
}  // namespace hypergrad::testing
