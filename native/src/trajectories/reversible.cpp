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
    : Trajectory<T>(walked), verify_every_(verify_every), state_(std::make_shared<ExactState>(walked)) {
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
  for (int32_t from = 0, to = 0; from < session.steps; from = to) {
    to = session.steps - from > verify_every_ ? from + verify_every_ : session.steps;
    session.run_body(*advance, from, to, false);
    landmarks_.push_back({to, hashes_of_state()});
    report_.hashes_taken++;
  }
}

template <class T>
void ReversibleTrajectory<T>::for_each_step_backward(const StepBody& body) {
  begin_retreat(session, state_);
  const std::shared_ptr<Body> undoing = record(session, body);
  int32_t from = session.steps;
  for (; !landmarks_.empty(); landmarks_.pop_back()) {
    const Landmark& landmark = landmarks_.back();
    this->walk_back(landmark.step, from, *undoing);
    if (hashes_of_state() != landmark.hashes) fail_to_reverse(landmark.step, "the hash of the state");
    report_.hashes_met++;
    from = landmark.step;
  }
  this->walk_back(0, from, *undoing);
  require_start();
  report_.start_met = true;
}

template <class T>
ReversalReport ReversibleTrajectory<T>::report() const {
  return report_;
}

template <class T>
std::vector<uint64_t> ReversibleTrajectory<T>::hashes_of_state() const {
  std::vector<uint64_t> hashes(static_cast<size_t>(session.replicas));
  hash_exactly(session, *state_, hashes.data());
  return hashes;
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
