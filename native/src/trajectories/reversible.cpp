#include "trajectories/reversible.h"

#include <algorithm>
#include <cmath>

namespace hypergrad {

namespace {

// The mean of Σ log2(1/c) over weights and steps: what the decays throw away.
double entropy_per_weight_step(const Session& session) {
  double total = 0;
  for (const hg_update& update : session.optimizer.updates) {
    if (update.kind != HG_DECAY) continue;
    const Coefficient& decay = session.optimizer.coefficients[static_cast<size_t>(update.coefficient)];
    const size_t groups = decay.grouping.sizes.size();
    for (size_t entry = 0; entry < decay.host_ratios.size(); entry++)
      total -= std::log2(decay.host_ratios[entry].value()) * decay.grouping.sizes[entry % groups];
  }
  return total / session.layout.weight_count / session.steps;
}

[[noreturn]] void fail_to_reverse(int32_t step, const char* what) {
  fail(HG_INTERNAL, "The reversal is not exact: ", what, " differs at step ", step,
       ". The hypergradient is not to be trusted; check the machine, and report this.");
}

}  // namespace

template <class T>
ReversibleTrajectory<T>::ReversibleTrajectory(SessionOf<T>& walked, int32_t verify_every)
    : Trajectory<T>(walked),
      verify_every_(verify_every),
      state_(std::make_shared<ExactState>(walked)),
      landmark_count_((walked.steps - 1) / verify_every + 1) {
  const double weights = session.layout.weight_count;
  report_.bits_per_weight_step = static_cast<double>(state_->spilled_bytes()) * 8 / weights / session.steps;
  report_.resident_bits_per_weight = static_cast<double>(state_->resident_bytes()) * 8 / weights;
  report_.entropy_bits_per_weight_step = entropy_per_weight_step(session);
}

template <class T>
void ReversibleTrajectory<T>::train(const InitialWeights& initial) {
  initial_ = initial;
  for (int32_t replica = 0; replica < session.replicas; replica++)
    start_exactly(session, *state_, replica, 0, session.layout.weight_count, initial.of(replica));
  const std::shared_ptr<Body> advance = record(session, [&](int32_t t) {
    session.evaluate_gradient(t);
    advance_exactly(session, state_, t);
  });
  reserve_landmarks(session, *state_, landmark_count_);
  for (int32_t number = 0, from = 0; number < landmark_count_; number++) {
    const int32_t to = step_of_landmark(number);
    session.run_body(*advance, from, to, false);
    set_landmark(session, *state_, number);
    report_.hashes_taken++;
    from = to;
  }
}

template <class T>
void ReversibleTrajectory<T>::for_each_step_backward(const StepBody& body) {
  begin_retreat(session, state_);
  const std::shared_ptr<Body> undoing = record(session, body);
  int32_t from = session.steps;
  for (int32_t number = landmark_count_ - 1; number >= 0; number--) {
    this->walk_back(step_of_landmark(number), from, *undoing);
    from = step_of_landmark(number);
    meet_landmark(session, *state_, number);
    if (!session.context->on_device()) require_landmarks_met();
  }
  this->walk_back(0, from, *undoing);
  require_landmarks_met();
  report_.hashes_met = landmark_count_;
  require_start();
  report_.start_met = true;
}

// After every so many steps, and at the end.
template <class T>
int32_t ReversibleTrajectory<T>::step_of_landmark(int32_t number) const {
  return number == landmark_count_ - 1 ? session.steps : (number + 1) * verify_every_;
}

template <class T>
void ReversibleTrajectory<T>::require_landmarks_met() {
  const int32_t unmet = unmet_landmark(session, *state_);
  if (unmet >= 0) fail_to_reverse(step_of_landmark(unmet), "the hash of the state");
}

template <class T>
ReversalReport ReversibleTrajectory<T>::report() const {
  return report_;
}

template <class T>
void ReversibleTrajectory<T>::require_start() const {
  for (int32_t replica = 0; replica < session.replicas; replica++)
    if (!equals_start(session, *state_, replica, 0, session.layout.weight_count, initial_->of(replica)))
      fail_to_reverse(0, "the recovered start");
}

template class ReversibleTrajectory<float>;
template class ReversibleTrajectory<double>;

}  // namespace hypergrad
