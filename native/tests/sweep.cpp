#include "sweep.h"

namespace hypergrad::testing {

namespace {

template <class Record>
void run_body(hg_handle session, int32_t first, int32_t end, int32_t backward, const Record& record) {
  hg_handle body = 0;
  HG_EXPECT_OK(hg_body_begin(session));
  record();
  HG_EXPECT_OK(hg_body_end(session, &body));
  HG_EXPECT_OK(hg_body_run(session, body, first, end, backward));
  HG_EXPECT_OK(hg_destroy(body));
}

std::vector<double> read_data(hg_handle session, hg_handle data, int32_t part, int32_t replica, size_t count) {
  std::vector<double> values(count);
  HG_EXPECT_OK(hg_data_vector_read(session, data, part, replica, 0, static_cast<int64_t>(count), values.data()));
  return values;
}

}  // namespace

std::vector<double> Hypergradient::momentum() const {
  std::vector<double> sums = coefficients[0];
  for (size_t i = 0; i < sums.size(); i++) sums[i] += coefficients[1][i];
  return sums;
}

Hypergradient sweep(const TrainingRun& run, Method method, int32_t replica) {
  OpenRun open(run);
  OpenAdjoint adjoint(open);
  const hg_handle s = open.session, dw = adjoint.weights;
  const hg_handle u = open.vector(), hu = open.vector(), l2 = open.vector(), l1 = open.vector();
  hg_handle data = 0, history = 0, dataset = 0;
  const bool has_inputs = run.program.vocabulary == 0;
  HG_EXPECT_OK(hg_data_vector_create(s, (has_inputs ? HG_INPUTS : 0) | (run.class_targets ? 0 : HG_TARGETS) | HG_EXAMPLE_WEIGHTS, &data));
  HG_EXPECT_OK(hg_history_create(s, run.steps, &history));
  HG_EXPECT_OK(
      hg_dataset_create(s, run.examples, run.inputs.data(), HG_DOUBLE, run.targets.data(), HG_DOUBLE, run.class_targets, &dataset));

  method == Method::reversible ? open.start_exactly() : open.start();
  run_body(s, 0, run.steps, 0, [&] {
    if (method == Method::stored) {
      HG_EXPECT_OK(hg_history_save(s, history, HG_BODY_STEP));
    }
    HG_EXPECT_OK(hg_session_evaluate_gradient(s, HG_BODY_STEP));
    if (method == Method::reversible) {
      HG_EXPECT_OK(hg_reversible_advance(s, open.state, HG_BODY_STEP));
    } else {
      HG_EXPECT_OK(hg_session_advance(s, HG_BODY_STEP));
    }
  });
  Hypergradient result;
  std::vector<double> losses(static_cast<size_t>(run.replicas)), errors(losses);
  HG_EXPECT_OK(hg_session_evaluate(s, dataset, dw, losses.data(), errors.data()));
  result.validation_loss = losses[static_cast<size_t>(replica)];
  result.final_weights = open.read(open.weights, replica);

  if (method == Method::reversible) {
    HG_EXPECT_OK(hg_reversible_begin_retreat(s, open.state));
  }
  run_body(s, 0, run.steps, 1, [&] {
    HG_EXPECT_OK(hg_session_pull_back_drifts(s, HG_BODY_STEP, &adjoint.parts));
    if (method == Method::reversible) {
      HG_EXPECT_OK(hg_reversible_retreat_weights(s, open.state, HG_BODY_STEP));
    } else {
      HG_EXPECT_OK(hg_history_load_weights(s, history, HG_BODY_STEP));
    }
    HG_EXPECT_OK(hg_session_evaluate_gradient(s, HG_BODY_STEP));
    HG_EXPECT_OK(hg_session_pull_back_kicks(s, HG_BODY_STEP, &adjoint.parts, u, 0));
    HG_EXPECT_OK(hg_session_evaluate_tangent(s, HG_BODY_STEP, u, hu, data));
    HG_EXPECT_OK(hg_session_add_penalty_tangent(s, u, l2, l1));
    if (method == Method::reversible) {
      HG_EXPECT_OK(hg_reversible_retreat_slots(s, open.state, HG_BODY_STEP));
    } else {
      HG_EXPECT_OK(hg_history_load_slots(s, history, HG_BODY_STEP));
    }
    HG_EXPECT_OK(hg_session_pull_back_decays(s, HG_BODY_STEP, &adjoint.parts));
    HG_EXPECT_OK(hg_vector_add(s, hu, dw));
  });
  if (method == Method::reversible) {
    int32_t equal = 0;
    HG_EXPECT_OK(hg_reversible_equals_start(s, open.state, replica, 0, run.weights, run.initial.data(), &equal));
    result.is_exact = equal == 1;
  }
  result.training_losses.resize(static_cast<size_t>(run.steps));
  HG_EXPECT_OK(hg_session_training_losses(s, replica, result.training_losses.data()));
  result.weights = open.read(dw, replica);
  for (const hg_handle slot : adjoint.slots) result.slots.push_back(open.read(slot, replica));
  for (size_t i = 0; i < run.coefficients.size(); i++) result.coefficients.push_back(adjoint.table(static_cast<int32_t>(i), replica));
  result.l2 = open.read(l2, replica);
  result.l1 = open.read(l1, replica);
  if (has_inputs) result.inputs = read_data(s, data, HG_INPUTS, replica, run.inputs.size());
  if (!run.class_targets) result.targets = read_data(s, data, HG_TARGETS, replica, run.targets.size());
  result.example_weights = read_data(s, data, HG_EXAMPLE_WEIGHTS, replica, static_cast<size_t>(run.examples));
  return result;
}

double train_and_validate(const TrainingRun& run, const TrainingRun& validation) {
  OpenRun open(run);
  hg_handle dataset = 0;
  HG_EXPECT_OK(hg_dataset_create(open.session, validation.examples, validation.inputs.data(), HG_DOUBLE, validation.targets.data(),
                                 HG_DOUBLE, run.class_targets, &dataset));
  open.start();
  for (int32_t step = 0; step < run.steps; step++) {
    HG_EXPECT_OK(hg_session_evaluate_gradient(open.session, step));
    HG_EXPECT_OK(hg_session_advance(open.session, step));
  }
  double loss = 0, errors = 0;
  HG_EXPECT_OK(hg_session_evaluate(open.session, dataset, 0, &loss, &errors));
  return loss;
}

}  // namespace hypergrad::testing
