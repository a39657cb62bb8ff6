#include "hypergradients/hypergradient.h"

#include <cmath>

#include "hypergradients/adjoint_sweep.h"
#include "hypergradients/adjoint_watch.h"
#include "hypergradients/outputs.h"
#include "runtime/blocks.h"

namespace hypergrad {

namespace {

[[noreturn]] void fail_as_diverged(hg_hypergradient_result& report, int32_t step, int32_t precision, const std::string& names) {
  report.fault = HG_ADJOINT_FAULT;
  report.fault_step = step;
  const std::string when = step < 0 ? "" : " by step " + std::to_string(step) + " on the way back";
  fail(HG_DIVERGED, "The hypergradient diverged", when, ": ", names, " not finite. Small changes of the run grow along it beyond ",
       precision == HG_SINGLE ? "single precision: compute in double precision, " : "double precision: ",
       "lower the learning rate, or train fewer steps.");
}

void report_reversal(const ReversalReport& reversal, hg_hypergradient_result& report) {
  report.hashes_taken = reversal.hashes_taken;
  report.hashes_met = reversal.hashes_met;
  report.is_exact = reversal.is_exact() ? 1 : 0;
  report.bits_per_weight_step = reversal.bits_per_weight_step;
  report.resident_bits_per_weight = reversal.resident_bits_per_weight;
  report.entropy_bits_per_weight_step = reversal.entropy_bits_per_weight_step;
}

// The adjoint never comes back from what is not finite: it is enough to check what the sweep ends with.
template <class T>
void require_finite(const SessionOf<T>& session, SweepAdjoint<T>& adjoint, const HypergradientOutputs& outputs,
                    hg_hypergradient_result& report) {
  const std::string names = outputs.names_of_broken();
  bool is_broken = !names.empty();
  const auto check = [&](Vector<T>& vector) {
    for (int32_t replica = 0; replica < session.replicas && !is_broken; replica++)
      for (const double value : read_numbers(session, vector, replica)) is_broken |= !std::isfinite(value);
  };
  check(*adjoint.weights);
  for (const auto& slot : adjoint.slots) check(*slot);
  if (is_broken)
    fail_as_diverged(report, outputs.first_broken_step(session.steps), session.precision,
                     names.empty() ? "the adjoint is" : "that of " + names + " is");
}

template <class T>
void evaluate(SessionOf<T>& session, const ExampleTable& validation, Vector<T>& gradient, HypergradientOutputs& outputs,
              hg_hypergradient_result& report) {
  std::vector<double>&losses = outputs.validation_losses.values, &errors = outputs.error_rates.values;
  losses.resize(static_cast<size_t>(session.replicas));
  errors.resize(losses.size());
  session.evaluate(validation, &gradient, losses.data(), errors.data());
  for (const double loss : losses) {
    report.validation_loss += loss / static_cast<double>(losses.size());
    if (std::isfinite(loss)) continue;
    report.fault = HG_FLOAT_FAULT;
    report.fault_step = session.steps;
    fail(HG_DIVERGED, "Training diverged at step ", session.steps, ": the validation loss of the trained network is ", loss,
         ". Lower the learning rate or the initial scale.");
  }
}

template <class T>
void compute(SessionOf<T>& session, const HypergradientRequest& request, hg_hypergradient_result& report) {
  HypergradientOutputs outputs(session, report);
  const ExampleTable validation = request.validation(session);
  const InitialWeights initial = request.initial_weights<T>();
  const std::unique_ptr<Trajectory<T>> trajectory = request.open_trajectory(session);
  SweepAdjoint<T> adjoint(session, outputs.wanted());

  trajectory->train(initial);
  evaluate(session, validation, *adjoint.weights, outputs, report);  // w̄ = ∇F(w_T)
  outputs.take_training(session);

  AdjointWatch<T> watch(session, *adjoint.weights);
  trajectory->came_back_to = [&](int32_t step) { watch.measure(step); };
  sweep(session, *trajectory, adjoint);
  session.synchronize();

  outputs.take_gradients(session, adjoint);
  require_finite(session, adjoint, outputs, report);
  report_reversal(trajectory->report(), report);
  report.adjoint_growth = watch.growth();
  report.adjoint_growth_step = watch.step();
  outputs.write();
}

// The session of one precision, and what it tells of a fault.
template <class T>
void compute_in_precision(const std::shared_ptr<Context>& context, const HypergradientRequest& request, hg_hypergradient_result& report) {
  const BlockScope small_arrays(*context);
  SessionOf<T> session(context, request.description());
  try {
    compute(session, request, report);
  } catch (const Error& error) {
    if (error.status() == HG_DIVERGED && session.fault_reason != no_fault) {
      report.fault = session.fault_reason;
      report.fault_step = session.fault_step;
      report.fault_parameter = session.fault_tensor;
      report.fault_slot = session.fault_slot;
    }
    throw;
  }
}

}  // namespace

void compute_hypergradient(const std::shared_ptr<Context>& context, const hg_hypergradient_request& given,
                           hg_hypergradient_result& report) {
  const HypergradientRequest request(context, given);
  if (request.description().precision == HG_DOUBLE)
    compute_in_precision<double>(context, request, report);
  else
    compute_in_precision<float>(context, request, report);
}

}  // namespace hypergrad
